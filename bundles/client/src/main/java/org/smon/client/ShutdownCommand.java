// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.concurrent.Callable;
import org.smon.api.Livetag;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code smon shutdown}. */
@Command(
    name = "shutdown",
    description = {
      "Stops all peers and waits until none runs; nothing is removed from the machines.",
      "`smon deploy` or `smon enable` brings them back."
    })
final class ShutdownCommand implements Callable<Integer> {
  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "180",
      description = "how long to wait for the last peer to stop (default: ${DEFAULT-VALUE})")
  private int timeoutSeconds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ClientHome home = Smon.of(spec).home();
    Console console = Smon.of(spec).console();
    if (home.documents().list().size() == 0) {
      throw new FailedException("the machine list is empty; there is no peer to stop");
    }
    new LivetagChange(home, console).sayAllTheSame(Livetag.off(Livetag.SHUTDOWN_QUIET_SECONDS));
    console.result(new Shutdown(home, console, timeoutSeconds).await());
    return ExitStatus.DONE;
  }
}
