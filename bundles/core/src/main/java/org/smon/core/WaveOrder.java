// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.smon.api.Hashes;

/**
 * The order in which machines take their turns at one release (R23): by SHA-256 of name and
 * release, so every peer derives the same one, each release has other canaries, and nobody who does
 * not sign releases can choose them. Immutable; building it hashes every name, so share it.
 */
public final class WaveOrder {
  private final String listHash;
  private final List<String> names;
  private final Map<String, Integer> rankByName = new TreeMap<>();

  /**
   * @param releaseHash hash of the release's document
   * @param machines names, in any order
   * @param listHash hash of the machine list's document they are from
   */
  public WaveOrder(String releaseHash, Collection<String> machines, String listHash) {
    this.listHash = listHash;
    Map<String, String> nameByDraw = new TreeMap<>();
    machines.forEach(name -> nameByDraw.put(Hashes.of(name + "\n" + releaseHash), name));
    this.names = List.copyOf(nameByDraw.values());
    for (int rank = 0; rank < names.size(); rank++) {
      rankByName.put(names.get(rank), rank);
    }
  }

  public String listHash() {
    return listHash;
  }

  public int size() {
    return names.size();
  }

  /** The machine with that rank, from 0. */
  public String name(int rank) {
    return names.get(rank);
  }

  /** -1 for a machine that is not in the list. */
  public int rankOf(String name) {
    return rankByName.getOrDefault(name, -1);
  }
}
