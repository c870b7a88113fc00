// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Sees that the keyring or the keys of a home changed, for a process that lives longer than a verb
 * (R41): an agent has to turn to a new K_E while it runs, however the key came there. Two looks at
 * a file's time a second.
 */
final class HomeWatch implements AutoCloseable {
  private static final int PERIOD_MILLIS = 500;

  private final List<Path> watched;
  private final Runnable changed;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread daemon = new Thread(task, "smon-home-watch");
            daemon.setDaemon(true);
            return daemon;
          });
  private List<FileTime> seen;

  /**
   * @param changed called on a thread of this watch; what it throws is tried again with the next
   *     change
   */
  HomeWatch(ClientHome home, Runnable changed) {
    this.watched = List.of(home.keys().directory(), home.keyringFile());
    this.changed = changed;
    seen = times();
    thread.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    List<FileTime> now = times();
    if (now.equals(seen)) {
      return;
    }
    try {
      changed.run();
      seen = now;
    } catch (RuntimeException e) {
      // Half of a change was seen; the next look sees the whole.
    }
  }

  private List<FileTime> times() {
    List<FileTime> times = new ArrayList<>();
    for (Path file : watched) {
      try {
        times.add(Files.getLastModifiedTime(file));
      } catch (IOException e) {
        times.add(FileTime.fromMillis(0));
      }
    }
    return times;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
