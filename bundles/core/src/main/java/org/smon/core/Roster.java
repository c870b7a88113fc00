// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Work;

/**
 * The machine list in the shuffled order in which work is divided (R10). All peers derive the same
 * order from the list's hash, so a share is a range. Immutable.
 */
public final class Roster {
  public static final Roster EMPTY = new Roster(MachineList.EMPTY, "");

  private final String hash;
  private final List<Machine> machines;
  private final int[] order;
  private final Map<String, Integer> positionByName = new TreeMap<>();

  /**
   * @param hash the list document's hash
   */
  public Roster(MachineList list, String hash) {
    this.hash = hash;
    this.machines = list.machines();
    this.order = shuffled(machines.size(), seed(hash));
    for (int position = 0; position < order.length; position++) {
      positionByName.put(at(position).name(), position);
    }
  }

  public String hash() {
    return hash;
  }

  public int size() {
    return order.length;
  }

  /** All machines as one share: what the first peer starts with. */
  public Work whole() {
    return new Work(hash, 0, order.length);
  }

  /** The machine at a position of the shuffled order. */
  public Machine at(int position) {
    return machines.get(order[position]);
  }

  /** -1 for a machine that is not in the list. */
  public int positionOf(String name) {
    return positionByName.getOrDefault(name, -1);
  }

  /** A machine other than the named one, each equally likely, or null if there is none. */
  Machine random(RandomGenerator random, String except) {
    int excluded = positionOf(except);
    int choices = excluded < 0 ? size() : size() - 1;
    if (choices == 0) {
      return null;
    }
    int pick = random.nextInt(choices);
    return at(excluded >= 0 && pick >= excluded ? pick + 1 : pick);
  }

  /** ceil(log2 N), at least 1: the measure of the bounded tables and of rumours. */
  int log2() {
    return Math.max(1, 32 - Integer.numberOfLeadingZeros(Math.max(1, size() - 1)));
  }

  /** java.util.Random is specified to the bit, so peers on different JDKs agree on the order. */
  private static int[] shuffled(int size, long seed) {
    int[] order = new int[size];
    Random random = new Random(seed);
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long seed(String hash) {
    long seed = 0;
    for (int i = 0; i < hash.length(); i++) {
      seed = seed * 31 + hash.charAt(i);
    }
    return seed;
  }
}
