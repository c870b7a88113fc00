// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.StatusAnswer;

/** Watches the peers of an overlay with livetag false stop by themselves (R27). */
final class Shutdown {
  private static final int POLL_MILLIS = 700;

  /** How long a process may take from closing its port to its end. */
  private static final int LAST_MILLIS = 2_000;

  private static final int NAMED = 5;

  private final StatusSource source;
  private final Console console;
  private final Progress progress;
  private final long deadlineNanos;

  Shutdown(ClientHome home, Console console, int timeoutSeconds) {
    this.source = StatusSource.of(home);
    this.console = console;
    this.progress = Progress.ofShutdown(console);
    this.deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
  }

  /** Blocks until no peer answers anywhere; exit status 3 if the time is over first. */
  StatusAnswer await() {
    boolean seenRunning = false;
    while (true) {
      StatusSource.Seen seen = source.read();
      progress.show(seen.status());
      long running = seen.status().machines().stream().filter(Shutdown::mayRun).count();
      if (!seen.anybody() && running == 0) {
        if (seenRunning) {
          pause(LAST_MILLIS);
        }
        progress.end();
        report(seen.status());
        return seen.status();
      }
      if (System.nanoTime() - deadlineNanos >= 0) {
        progress.end();
        StatusView.print(seen.status(), console.people());
        throw FailedException.notConverged(
            "%d of %d peers still run after %.0f s; they stop once nobody pings them, see `smon status`"
                .formatted(running, seen.status().summary().total(), progress.seconds()));
      }
      seenRunning = true;
      pause(POLL_MILLIS);
    }
  }

  /** A hung peer counts: it goes on where it was once it is let. */
  private static boolean mayRun(MachineStatus machine) {
    return machine.state() == State.online || machine.state() == State.down;
  }

  private void report(StatusAnswer status) {
    List<String> unseen =
        status.machines().stream()
            .filter(m -> m.state() == State.unreachable)
            .map(MachineStatus::name)
            .toList();
    console.say(
        "no peer answers any more, after %.1f s; `smon deploy` brings them back"
            .formatted(progress.seconds()));
    if (!unseen.isEmpty()) {
      int more = unseen.size() - NAMED;
      console.note(
          "smon: nobody could look at "
              + String.join(", ", unseen.subList(0, Math.min(NAMED, unseen.size())))
              + (more > 0 ? " and " + more + " more" : "")
              + "; a peer that runs there unseen stops once it reaches any of the others over ssh");
    }
  }

  private static void pause(int millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    }
  }
}
