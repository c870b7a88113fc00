// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.concurrent.Callable;
import org.smon.wire.ReleasesAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code smon releases}. */
@Command(
    name = "releases",
    description = "Shows which release runs where, newest first, refused and quarantined ones too.")
final class ReleasesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ClientHome home = Smon.of(spec).home();
    Console console = Smon.of(spec).console();
    OverlayReleases overlay = new OverlayReleases(home);
    StatusSource.Seen seen = StatusSource.of(home).read();
    if (!seen.anybody()) {
      throw new FailedException("no peer answers; `smon deploy` puts one in place");
    }
    ReleasesAnswer told = overlay.ask().orElseThrow(ReleasesCommand::nobodyKnows);
    home.releases().note(told);
    ReleasesAnswer releases = ReleasesView.counted(told, seen.status().machines());
    console.result(releases);
    if (!console.json()) {
      ReleasesView.print(releases, console.out());
    }
    return ExitStatus.DONE;
  }

  private static FailedException nobodyKnows() {
    return new FailedException(
        "no peer that answers knows of releases; `smon status` shows what runs");
  }
}
