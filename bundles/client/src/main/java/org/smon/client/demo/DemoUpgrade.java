// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.smon.api.Document;
import org.smon.api.Release;
import org.smon.api.Release.Plan;
import org.smon.api.Release.Waves;
import org.smon.client.BlobFetch;
import org.smon.client.ClientHome;
import org.smon.client.Console;
import org.smon.client.ExitStatus;
import org.smon.client.HomeReleases;
import org.smon.client.StatusSource;
import org.smon.client.StatusView;
import org.smon.client.Upgrade;
import org.smon.client.UpgradeView;
import org.smon.wire.StatusAnswer;

/** Publishes the demo's next release and says whether what should happen has happened. */
final class DemoUpgrade {
  private static final int POLL_MILLIS = 500;

  private final ClientHome home;
  private final Console console;
  private final int timeoutSeconds;
  private final long startNanos = System.nanoTime();

  DemoUpgrade(DemoDirectory directory, Console console, int timeoutSeconds) {
    this.home = ClientHome.open(directory.clientHome());
    this.console = console;
    this.timeoutSeconds = timeoutSeconds;
  }

  /**
   * Blocks until all machines have followed the verdict.
   *
   * @param fault what to break, or null
   */
  int run(Fault fault, int probationSeconds) throws IOException {
    NextRelease next = make(fault);
    Upgrade upgrade = new Upgrade(home, console, timeoutSeconds);
    Upgrade.Outcome outcome = upgrade.to(next, new Plan(Waves.GROWING, probationSeconds));
    UpgradeView.print(outcome, console);
    StatusAnswer after = settled();
    StatusView.print(after, console.people());
    console.result(outcome);
    return judge(fault, outcome, upgrade.before(), after);
  }

  private NextRelease make(Fault fault) throws IOException {
    HomeReleases known = home.releases();
    Release now = known.adopted().map(Document::body).map(Release::ofBody).orElseThrow();
    new BlobFetch(home).complete(now);
    NextRelease next =
        new NextRelease(now, home.blobs(), NextRelease.above(known.highestVersion()), fault);
    console.say(
        "made release %s out of %s: new are %s%s"
            .formatted(
                next.release().version(),
                now.version(),
                String.join(", ", next.rewritten()),
                fault == null ? "" : "; broken on purpose: " + fault));
    return next;
  }

  /** A peer that was started again comes back within the time. */
  private StatusAnswer settled() {
    StatusSource source = StatusSource.of(home);
    StatusAnswer status = source.read().status();
    long deadline = startNanos + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    while (status.summary().online() < status.summary().total()
        && System.nanoTime() - deadline < 0) {
      pause();
      status = source.read().status();
    }
    return status;
  }

  private int judge(Fault fault, Upgrade.Outcome outcome, StatusAnswer before, StatusAnswer after) {
    boolean asItShould = fault == null ? outcome.isAdopted() : outcome.isQuarantined();
    DemoVerdict verdict = new DemoVerdict(before.machines(), fault, outcome.version());
    List<String> wrong = verdict.wrong(after.machines());
    if (!asItShould) {
      console.note(
          "smon: release %s is %s and should be %s"
              .formatted(
                  outcome.version(), outcome.state(), fault == null ? "adopted" : "quarantined"));
    }
    wrong.forEach(line -> console.note("smon: " + line));
    if (!asItShould || !wrong.isEmpty()) {
      return ExitStatus.FAILED;
    }
    console.say(told(fault, outcome, verdict.restarted(), after.summary().total()));
    return ExitStatus.DONE;
  }

  private static String told(Fault fault, Upgrade.Outcome outcome, int restarted, int total) {
    String processes =
        restarted == 0
            ? "every peer is the same process as before"
            : "%d of %d peers were started again, the others are the same process as before"
                .formatted(restarted, total);
    return fault == null
        ? "all %d machines run release %s; %s".formatted(total, outcome.version(), processes)
        : "all %d machines are back on the release before; %s".formatted(total, processes);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
