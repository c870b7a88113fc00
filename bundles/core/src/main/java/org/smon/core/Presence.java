// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.BitSet;
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

  /** They are there, and were given up all the same. */
  private final BitSet late = new BitSet();

  /**
   * @param own -1 for a machine that is not in the list
   */
  Presence(int own) {
    this.own = own;
  }

  void met(int rank) {
    if (rank < 0 || rank == own || late.get(rank)) {
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

  void gaveUp(int rank) {
    met.remove(rank);
    late.set(rank);
  }

  /** True if more than a quarter of those that are there, this machine among them, would not be. */
  boolean contradicts(BitSet absent) {
    int missing = own >= 0 && absent.get(own) ? 1 : 0;
    for (int rank : met) {
      missing += absent.get(rank) ? 1 : 0;
    }
    return 4 * missing > met.size() + 1;
  }

  /** The same machines under another list. */
  void copyTo(Presence other, WaveOrder from, WaveOrder to) {
    late.stream()
        .map(rank -> to.rankOf(from.name(rank)))
        .filter(rank -> rank >= 0)
        .forEach(other.late::set);
    met.forEach(rank -> other.met(to.rankOf(from.name(rank))));
  }
}
