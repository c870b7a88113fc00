// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.smon.api.RefusedException;

/**
 * How often something may happen to each name within an hour (R38). Bounded memory. Not
 * thread-safe.
 */
final class Rates {
  private static final long HOUR_MILLIS = 3_600_000;
  private static final int NAMES_KEPT = 20_000;

  private final String what;
  private final int perHour;
  private final LongSupplier clock;
  private final Map<String, Deque<Long>> timesByName =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Long>> eldest) {
          return size() > NAMES_KEPT;
        }
      };

  /**
   * @param what for the refusal, such as "logins to"
   * @param clock milliseconds
   */
  Rates(String what, int perHour, LongSupplier clock) {
    this.what = what;
    this.perHour = perHour;
    this.clock = clock;
  }

  /** Counts one more, or refuses. */
  void take(String name) throws RefusedException {
    long now = clock.getAsLong();
    Deque<Long> times = timesByName.computeIfAbsent(name, n -> new ArrayDeque<>());
    while (!times.isEmpty() && times.peekFirst() <= now - HOUR_MILLIS) {
      times.removeFirst();
    }
    if (times.size() >= perHour) {
      throw new RefusedException(
          "more than " + perHour + " " + what + " " + name + " within an hour");
    }
    times.addLast(now);
  }
}
