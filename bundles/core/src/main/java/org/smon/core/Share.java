// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.ArrayList;
import java.util.List;
import org.smon.api.Work;

/** The machines a peer has yet to visit, as a few ranges of the roster's order (R10). */
final class Share {
  /** Ranges beyond this many are left to the safety net, so that the share stays small. */
  private static final int MOST_RANGES = 32;

  private final List<Work> ranges = new ArrayList<>();

  int size() {
    return ranges.stream().mapToInt(Work::size).sum();
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Adds a range; what is held already stays single. Work for another list is void. */
  void add(Work work, Roster roster) {
    if (work == null || !work.listHash().equals(roster.hash())) {
      return;
    }
    int to = Math.min(work.to(), roster.size());
    int from = Math.min(work.from(), to);
    cut(from, to);
    put(new Work(work.listHash(), from, to));
    if (ranges.size() > MOST_RANGES) {
      ranges.remove(smallest());
    }
  }

  /** The position that comes next, or -1. */
  int peek() {
    return ranges.isEmpty() ? -1 : ranges.get(0).from();
  }

  void remove(int position) {
    cut(position, position + 1);
  }

  /**
   * Splits off half, in one range, from the back, where this peer would come last.
   *
   * @param roundUp true if this peer is not free to go on itself
   * @return null if there is nothing to give
   */
  Work half(boolean roundUp) {
    int wanted = (size() + (roundUp ? 1 : 0)) / 2;
    if (wanted == 0) {
      return null;
    }
    Work largest = ranges.get(largest());
    Work given =
        new Work(largest.listHash(), Math.max(largest.from(), largest.to() - wanted), largest.to());
    cut(given.from(), given.to());
    return given;
  }

  /** Drops all if the list has changed: positions mean other machines now. */
  void retain(String listHash) {
    ranges.removeIf(range -> !range.listHash().equals(listHash));
  }

  private void cut(int from, int to) {
    List<Work> kept = new ArrayList<>();
    for (Work range : ranges) {
      keep(kept, range.listHash(), range.from(), Math.min(range.to(), from));
      keep(kept, range.listHash(), Math.max(range.from(), to), range.to());
    }
    ranges.clear();
    ranges.addAll(kept);
  }

  private static void keep(List<Work> kept, String listHash, int from, int to) {
    if (from < to) {
      kept.add(new Work(listHash, from, to));
    }
  }

  private void put(Work work) {
    if (!work.isEmpty()) {
      ranges.add(work);
    }
  }

  private int largest() {
    int best = 0;
    for (int i = 1; i < ranges.size(); i++) {
      best = ranges.get(i).size() > ranges.get(best).size() ? i : best;
    }
    return best;
  }

  private int smallest() {
    int best = 0;
    for (int i = 1; i < ranges.size(); i++) {
      best = ranges.get(i).size() < ranges.get(best).size() ? i : best;
    }
    return best;
  }
}
