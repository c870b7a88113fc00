// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.smon.api.Document;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.StatusAnswer;

/** Watches a livetag reach the peers that run (R26). */
final class Spread {
  private static final int POLL_MILLIS = 200;

  private final StatusSource source;
  private final Console console;
  private final long startNanos = System.nanoTime();
  private final int timeoutSeconds;

  Spread(ClientHome home, Console console, int timeoutSeconds) {
    this.source = StatusSource.of(home);
    this.console = console;
    this.timeoutSeconds = timeoutSeconds;
  }

  /** Blocks until every peer that answers holds it; exit status 3 if the time is over first. */
  StatusAnswer await(Document livetag) throws Overlay.SilentException {
    while (true) {
      StatusAnswer status = source.ask();
      List<MachineStatus> running = running(status);
      long reached = running.stream().filter(m -> holds(m, livetag)).count();
      String told =
          "%d of %d peers hold livetag %s, version %d, after %.1f s"
              .formatted(
                  reached, running.size(), status.livetag().value(), livetag.counter(), seconds());
      if (reached == running.size()) {
        console.say(told);
        return status;
      }
      if (seconds() >= timeoutSeconds) {
        throw FailedException.notConverged(told + "; it goes on spreading, see `smon status`");
      }
      pause();
    }
  }

  private static List<MachineStatus> running(StatusAnswer status) {
    return status.machines().stream().filter(m -> m.state() == State.online).toList();
  }

  private static boolean holds(MachineStatus machine, Document livetag) {
    return machine.livetag() != null && machine.livetag() >= livetag.counter();
  }

  private double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
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
