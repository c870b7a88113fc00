// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.concurrent.Callable;
import org.smon.api.Document;
import org.smon.api.Livetag;
import org.smon.wire.StatusAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code smon disable}. */
@Command(
    name = "disable",
    description = {
      "Switches self-management off: livetag false. No peer is healed, deployed or pinged any more.",
      "A peer that then hears no maintenance ping for 10 minutes, or --quiet, stops itself;",
      "`smon enable` before that simply goes on, after that brings them back."
    })
final class DisableCommand implements Callable<Integer> {
  /** In less a peer could be gone before it has told the next ones. */
  private static final int LEAST_QUIET_SECONDS = 5;

  private static final int MOST_QUIET_SECONDS = 30 * 24 * 3600;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "how long to wait for all running peers to know (default: ${DEFAULT-VALUE})")
  private int timeoutSeconds;

  @Option(
      names = "--quiet",
      paramLabel = "SECONDS",
      defaultValue = "" + Livetag.DISABLE_QUIET_SECONDS,
      description = "after how long without a ping a peer stops itself (default: ${DEFAULT-VALUE})")
  private int quietSeconds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (quietSeconds < LEAST_QUIET_SECONDS || quietSeconds > MOST_QUIET_SECONDS) {
      throw new ParameterException(
          spec.commandLine(),
          "--quiet is %d to %d seconds".formatted(LEAST_QUIET_SECONDS, MOST_QUIET_SECONDS));
    }
    ClientHome home = Smon.of(spec).home();
    Console console = Smon.of(spec).console();
    Livetag off = Livetag.off(quietSeconds);
    LivetagChange change = new LivetagChange(home, console);
    Document livetag = change.say(off);
    try {
      StatusAnswer status = new Spread(home, console, timeoutSeconds).await(livetag);
      change.acknowledge(timeoutSeconds);
      console.result(status);
    } catch (Overlay.SilentException e) {
      throw FailedException.notConverged(
          "livetag false is signed and kept, but "
              + e.told()
              + "; peers that run unseen learn of it when this or another verb reaches one");
    }
    return ExitStatus.DONE;
  }
}
