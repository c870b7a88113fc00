// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.smon.api.Release.Plan;
import org.smon.api.Release.Waves;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon upgrade}. */
@Command(
    name = "upgrade",
    description = {
      "Publishes a release of SMON and watches its waves: machine after machine swaps its own bundles,",
      "proves healthy in probation, or goes back. Exit status 0 if all machines that answer have adopted it",
      "(those that refused it alone are named), 1 if it is quarantined, 3 if neither within --timeout."
    })
final class UpgradeCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "RELEASE",
      description = "a file of `smon release build`, or a directory with a manifest")
  private Path release;

  @Option(names = "--fast", description = "in one wave; each machine still judges for itself")
  private boolean fast;

  @Option(names = "--revert", description = "publish the set before as a newer release")
  private boolean revert;

  @Option(
      names = "--force",
      description =
          "lift a quarantine: no number of refusals stops it (without RELEASE: the newest)")
  private boolean force;

  @Option(
      names = "--probation",
      paramLabel = "SECONDS",
      defaultValue = "" + Plan.DEFAULT_PROBATION_SECONDS,
      description =
          "how long new bundles have to be well before they stay (default: ${DEFAULT-VALUE})")
  private int probationSeconds;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "900",
      description = "how long to watch (default: ${DEFAULT-VALUE})")
  private int timeoutSeconds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    check();
    ClientHome home = Smon.of(spec).home();
    Console console = Smon.of(spec).console();
    Upgrade.Outcome outcome = run(home, new Upgrade(home, console, timeoutSeconds));
    console.result(outcome);
    UpgradeView.print(outcome, console);
    return outcome.isAdopted()
        ? ExitStatus.DONE
        : outcome.isQuarantined() ? ExitStatus.FAILED : ExitStatus.NOT_CONVERGED;
  }

  private void check() {
    if (fast && force || revert && force) {
      throw new ParameterException(
          spec.commandLine(), "--force goes neither with --fast nor with --revert");
    }
    if (revert == (release != null) && !force) {
      throw new ParameterException(
          spec.commandLine(), "name a RELEASE, or --revert, or --force for the newest one");
    }
  }

  private Upgrade.Outcome run(ClientHome home, Upgrade upgrade) throws IOException {
    Waves waves = force ? Waves.FORCED : fast ? Waves.ONE : Waves.GROWING;
    Plan plan = new Plan(waves, probationSeconds);
    if (release != null) {
      return upgrade.to(ReleaseSource.at(release, home.documents()), plan);
    }
    return revert ? upgrade.back(plan) : upgrade.again(plan);
  }
}
