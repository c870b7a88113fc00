// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.smon.api.Settings;
import org.smon.client.Smon;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code smon demo}: a whole overlay on this computer. */
@Command(
    name = "demo",
    description = {
      "Starts a whole overlay on this computer, or does something to its machines.",
      "Machines are 127.0.1.1 and up, each with its own ssh server, home and peer. Needs no root and",
      "never reads ~/.ssh."
    },
    synopsisSubcommandLabel = "[crash|reboot|wipe|exec|upgrade|stop]",
    subcommands = {
      DemoCrashCommand.class,
      DemoRebootCommand.class,
      DemoWipeCommand.class,
      DemoExecCommand.class,
      DemoUpgradeCommand.class,
      DemoStopCommand.class
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--machines",
      paramLabel = "N",
      defaultValue = "5",
      description = "how many machines (default: ${DEFAULT-VALUE})")
  private int machines;

  @Option(
      names = "--ssh",
      defaultValue = "embedded",
      description = "whose ssh servers: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private DemoPlan.Ssh ssh;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "where the demo lives (default: the demo of SMON_HOME, else ~/.smon-demo)")
  private Path dir;

  @Option(
      names = "--ssh-port",
      paramLabel = "PORT",
      defaultValue = "" + DemoPlan.SSH_PORT,
      description = "the port of the ssh servers (default: ${DEFAULT-VALUE})")
  private int sshPort;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + Settings.DEFAULT_PORT,
      description = "the port of the peers (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "how long to wait for all to be online (default: ${DEFAULT-VALUE})")
  private int timeoutSeconds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (machines < 1 || machines > DemoPlan.MAX_MACHINES) {
      throw new ParameterException(
          spec.commandLine(), "--machines takes 1 to " + DemoPlan.MAX_MACHINES);
    }
    DemoPlan plan =
        new DemoPlan(
            ssh,
            System.getProperty("user.name"),
            sshPort,
            port,
            FreePort.find(),
            DemoPlan.addresses(machines));
    return new DemoStart(directory(), plan, Smon.of(spec).console()).run(timeoutSeconds);
  }

  /** The demo that this verb and those below it mean. */
  DemoDirectory directory() {
    return dir == null ? DemoDirectory.usual(Smon.of(spec).surroundings()) : DemoDirectory.at(dir);
  }
}
