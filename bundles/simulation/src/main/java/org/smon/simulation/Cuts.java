// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Where no connection can be opened. A one-way cut is a firewall: connections from the inside to
 * the outside are opened and answered, those the other way are dropped.
 */
final class Cuts {
  private final List<Cut> cuts = new ArrayList<>();

  /**
   * @param inside machines by index
   */
  record Cut(BitSet inside, boolean bothWays) {
    boolean drops(int from, int to) {
      boolean in = !inside.get(from) && inside.get(to);
      boolean out = inside.get(from) && !inside.get(to);
      return in || out && bothWays;
    }
  }

  void add(Cut cut) {
    cuts.add(cut);
  }

  void remove(Cut cut) {
    cuts.remove(cut);
  }

  boolean drops(int from, int to) {
    for (int i = 0; i < cuts.size(); i++) {
      if (cuts.get(i).drops(from, to)) {
        return true;
      }
    }
    return false;
  }
}
