// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private String wave = "";
  private long quarantinedNanos;

  /** What was seen last. */
  record Seen(StatusAnswer status, Optional<ReleaseLine> line, Tally tally) {
    boolean isIn(ReleasesAnswer.State state) {
      return line.isPresent() && line.get().state() == state;
    }

    /** All that answer have it, or all waves are over and the others have refused it. */
    boolean isAdopted() {
      boolean everybody = tally.adopted().size() == tally.online().size();
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
    seen.status().machines().forEach(this::show);
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

  /** What a machine says that has not heard of it yet is no news. */
  private void show(MachineStatus machine) {
    String text = line(machine);
    String before = shown.put(machine.name(), text);
    if (before != null && !before.equals(text) || before == null && isOnTheWay(machine)) {
      say(text);
    }
  }

  private boolean isOnTheWay(MachineStatus machine) {
    return version.equals(machine.release())
        || machine.releaseState() != null
            && !machine.releaseState().equals(LocalState.ADOPTED.word());
  }

  private static String line(MachineStatus m) {
    if (m.state() != MachineStatus.State.online) {
      return "%-15s %s%s"
          .formatted(m.name(), m.state(), m.reason() == null ? "" : ": " + m.reason());
    }
    boolean refused = LocalState.ROLLED_BACK.word().equals(m.releaseState());
    return "%-15s %s %s%s"
        .formatted(
            m.name(),
            m.releaseState() == null ? "runs" : m.releaseState(),
            refused ? "to " + m.release() : m.release(),
            m.reason() == null ? "" : ": " + m.reason());
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
