// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.Arrays;

/**
 * Who is surely there, by rank: the last few with whom marks were exchanged. It is what a machine
 * has to hold against hearsay about absences, which is true for a part of the overlay only.
 */
final class Presence {
  private static final int MOST = 16;
  private static final int NOBODY = -1;

  private final int own;
  private final int[] met = new int[MOST];
  private int next;

  /**
   * @param own -1 for a machine that is not in the list
   */
  Presence(int own) {
    this.own = own;
    Arrays.fill(met, NOBODY);
  }

  void met(int rank) {
    if (rank >= 0 && rank != own && placeOf(rank) < 0) {
      met[next] = rank;
      next = (next + 1) % MOST;
    }
  }

  void lost(int rank) {
    int place = placeOf(rank);
    if (place >= 0) {
      met[place] = NOBODY;
    }
  }

  /** True if more than a quarter of those that are there, this machine among them, would not be. */
  boolean contradicts(Marks marks) {
    int there = 1;
    int missing = own >= 0 && marks.isAbsent(own) ? 1 : 0;
    for (int rank : met) {
      there += rank == NOBODY ? 0 : 1;
      missing += rank != NOBODY && marks.isAbsent(rank) ? 1 : 0;
    }
    return 4 * missing > there;
  }

  /** The same machines under another list. */
  void copyTo(Presence other, WaveOrder from, WaveOrder to) {
    for (int i = 0; i < MOST; i++) {
      int rank = met[(next + i) % MOST];
      other.met(rank == NOBODY ? NOBODY : to.rankOf(from.name(rank)));
    }
  }

  private int placeOf(int rank) {
    for (int place = 0; place < MOST; place++) {
      if (met[place] == rank) {
        return place;
      }
    }
    return -1;
  }
}
