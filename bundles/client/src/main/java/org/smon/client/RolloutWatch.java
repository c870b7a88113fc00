// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.smon.api.Document;
import org.smon.api.Release;
import org.smon.wire.MachineStatus;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.ReleasesAnswer.ReleaseLine;
import org.smon.wire.StatusAnswer;
import org.smon.wire.UpgradeApi.LocalState;

/**
 * Watches a release on its way through the overlay (R23): a line for every machine and wave that
 * changes, and on a terminal a bar. What one peer knows of waves and verdict is put together with
 * what all machines say of themselves. One thread.
 */
final class RolloutWatch {
  private static final int POLL_MILLIS = 500;

  /** How long after a quarantine its machines are watched going back. */
  private static final int RETURN_SECONDS = 120;

  private final StatusSource source;
  private final OverlayReleases releases;
  private final Bar bar;
  private final Document document;
  private final String version;
  private final Map<String, String> shown = new HashMap<>();
  private final Set<String> silent = new HashSet<>();
  private String wave = "";
  private long quarantinedNanos;

  /** What was seen last. */
  record Seen(StatusAnswer status, Optional<ReleaseLine> line, Tally tally) {
    boolean isIn(ReleasesAnswer.State state) {
      return line.isPresent() && line.get().state() == state;
    }

    /**
     * All have it; or all waves are over, and who answers and has it not has refused it. As long as
     * they are not over a silent machine may be one that starts anew with it.
     */
    boolean isAdopted() {
      boolean everybody = tally.adopted().size() == status.machines().size();
      boolean overExcept = isIn(ReleasesAnswer.State.adopted) && tally.stragglers().isEmpty();
      return line.isPresent() && !tally.adopted().isEmpty() && (everybody || overExcept);
    }

    /** Whatever machines still do: it is adopted, or something newer has taken its place. */
    boolean isOver() {
      return isAdopted() || isIn(ReleasesAnswer.State.superseded);
    }

    /** Refused by the overlay, and no machine that answers runs it any more. */
    boolean isBack() {
      return isIn(ReleasesAnswer.State.quarantined) && tally.isGone();
    }
  }

  RolloutWatch(ClientHome home, Console console, Document document) {
    this.source = StatusSource.of(home);
    this.releases = new OverlayReleases(home);
    this.bar = new Bar(console);
    this.document = document;
    this.version = Release.ofBody(document.body()).version();
  }

  void say(String text) {
    bar.say(text);
  }

  double seconds() {
    return bar.seconds();
  }

  /** Until there is a verdict that all machines follow, or the time is over. */
  Seen await(long deadlineNanos) {
    Seen seen = look();
    while (!seen.isOver() && !isBackInTime(seen) && System.nanoTime() - deadlineNanos < 0) {
      pause();
      seen = look();
    }
    bar.end();
    return seen;
  }

  private boolean isBackInTime(Seen seen) {
    if (!seen.isIn(ReleasesAnswer.State.quarantined)) {
      return false;
    }
    quarantinedNanos = quarantinedNanos == 0 ? System.nanoTime() : quarantinedNanos;
    return seen.isBack()
        || System.nanoTime() - quarantinedNanos > TimeUnit.SECONDS.toNanos(RETURN_SECONDS);
  }

  private Seen look() {
    Optional<ReleaseLine> line = // first, for what machines say then is not older than the verdict
        releases.ask().map(ReleasesAnswer::releases).orElse(List.of()).stream()
            .filter(l -> document.hash().equals(l.hash()))
            .findFirst();
    StatusAnswer status = source.read().status();
    Seen seen = new Seen(status, line, Tally.of(version, status.machines()));
    show(seen);
    return seen;
  }

  private void show(Seen seen) {
    seen.line().ifPresent(this::showWave);
    seen.status().machines().forEach(machine -> show(machine, seen.tally()));
    int done = seen.tally().adopted().size();
    bar.show(
        "%s %d/%d adopted, %d on trial, %d rolled back, %s, %.0f s"
            .formatted(
                Bar.filled(done, seen.status().machines().size()),
                done,
                seen.status().machines().size(),
                seen.tally().provisional().size(),
                seen.tally().rolledBack().size(),
                wave.isEmpty() ? "no wave yet" : wave,
                seconds()));
  }

  private void showWave(ReleaseLine line) {
    String now =
        line.state() == ReleasesAnswer.State.spreading && line.wave() > 0
            ? "wave %d of %d".formatted(line.wave(), line.waves())
            : line.state().name();
    if (!now.equals(wave)) {
      wave = now;
      say("release " + version + ": " + now);
    }
  }

  /**
   * What a machine says that has not heard of it yet is no news, and silence is only when it lasts:
   * while bundles are swapped nobody answers.
   */
  private void show(MachineStatus machine, Tally tally) {
    boolean online = machine.state() == MachineStatus.State.online;
    boolean wasSilent = !online && !silent.add(machine.name());
    if (online) {
      silent.remove(machine.name());
    }
    if (online && isOnTheWay(machine, tally) || wasSilent) {
      String text = line(machine, tally);
      if (!text.equals(shown.put(machine.name(), text))) {
        say(text);
      }
    }
  }

  private boolean isOnTheWay(MachineStatus machine, Tally tally) {
    boolean known = shown.containsKey(machine.name());
    return known
        || tally.adopted().contains(machine)
        || tally.provisional().contains(machine)
        || tally.rolledBack().contains(machine)
        || isFetching(machine);
  }

  private static boolean isFetching(MachineStatus machine) {
    return LocalState.FETCHING.word().equals(machine.releaseState());
  }

  private static String line(MachineStatus m, Tally tally) {
    String because = tally.reason(m).isEmpty() ? "" : ": " + tally.reason(m);
    if (m.state() != MachineStatus.State.online) {
      return "%-15s %s%s".formatted(m.name(), m.state(), because);
    }
    if (tally.rolledBack().contains(m)) {
      return "%-15s on %s%s".formatted(m.name(), m.release(), because);
    }
    if (tally.provisional().contains(m)) {
      return "%-15s tries %s".formatted(m.name(), tally.version());
    }
    if (isFetching(m)) {
      return "%-15s fetches %s".formatted(m.name(), tally.version());
    }
    String verb = tally.adopted().contains(m) ? "has adopted" : "runs";
    return "%-15s %s %s".formatted(m.name(), verb, m.release());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    }
  }
}
