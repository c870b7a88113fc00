// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Who is surely there, by rank: those with whom marks were exchanged lately. It is what a machine
 * has to hold against hearsay about absences, which is true for a part of the overlay only.
 */
final class Presence {
  private static final int MOST = 16;

  private final int own;

  /** The latest last. */
  private final Set<Integer> met = new LinkedHashSet<>();

  /**
   * @param own -1 for a machine that is not in the list
   */
  Presence(int own) {
    this.own = own;
  }

  void met(int rank) {
    if (rank < 0 || rank == own) {
      return;
    }
    met.remove(rank);
    met.add(rank);
    if (met.size() > MOST) {
      Iterator<Integer> oldest = met.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  void lost(int rank) {
    met.remove(rank);
  }

  /** True if more than a quarter of those that are there, this machine among them, would not be. */
  boolean contradicts(Marks marks) {
    int missing = own >= 0 && marks.isAbsent(own) ? 1 : 0;
    for (int rank : met) {
      missing += marks.isAbsent(rank) ? 1 : 0;
    }
    return 4 * missing > met.size() + 1;
  }

  /** The same machines under another list. */
  void copyTo(Presence other, WaveOrder from, WaveOrder to) {
    met.forEach(rank -> other.met(to.rankOf(from.name(rank))));
  }
}
