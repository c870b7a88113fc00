// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.PriorityQueue;

/** Virtual time: what is due runs in the order of (time, sequence), so a run is its seed alone. */
final class Timetable {
  private final PriorityQueue<Entry> entries = new PriorityQueue<>(1 << 10);
  private long now;
  private long sequence;

  private record Entry(long time, long sequence, Runnable action) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  long now() {
    return now;
  }

  void at(long millis, Runnable action) {
    entries.add(new Entry(Math.max(now, millis), sequence++, action));
  }

  void in(long millis, Runnable action) {
    at(now + millis, action);
  }

  /** Runs the next entry if it is due by then; false if there is none. */
  boolean step(long horizon) {
    Entry next = entries.peek();
    if (next == null || next.time() > horizon) {
      now = Math.max(now, horizon);
      return false;
    }
    entries.remove();
    now = next.time();
    next.action().run();
    return true;
  }
}
