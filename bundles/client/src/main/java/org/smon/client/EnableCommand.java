// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import org.smon.api.Document;
import org.smon.api.Livetag;
import org.smon.api.RefusedException;
import org.smon.wire.StatusAnswer;
import picocli.CommandLine.Command;

/** {@code smon enable}: livetag true; with no peer left it is a deployment. */
@Command(
    name = "enable",
    description = {
      "Switches self-management on again: livetag true. Peers that run bring back those that do not.",
      "If none runs any more this goes on as `smon deploy`, whose options it takes."
    })
final class EnableCommand extends DeployCommand {
  @Override
  public Integer call() throws IOException, RefusedException {
    agents.check(spec);
    ClientHome home = Smon.of(spec).home();
    Console console = Smon.of(spec).console();
    LivetagChange change = new LivetagChange(home, console);
    Document livetag = change.say(Livetag.on());
    try {
      StatusAnswer status = new Spread(home, console, timeoutSeconds).await(livetag);
      change.acknowledge(timeoutSeconds);
      console.result(status);
      return ExitStatus.DONE;
    } catch (Overlay.SilentException e) {
      console.note("smon: " + e.told() + "; deploying");
      return deploy(home, console);
    }
  }
}
