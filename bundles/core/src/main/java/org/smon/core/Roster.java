// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.ArrayList;
import java.util.Arrays;
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
  private static final int WARDENS = 5;

  public static final Roster EMPTY = new Roster(MachineList.EMPTY, "");

  private final String hash;
  private final List<Machine> machines;
  private final int[] order;
  private final Map<String, Integer> positionByName = new TreeMap<>();

  /** Hash of the name above the position, sorted: neighbours here are nowhere else neighbours. */
  private final long[] ring;

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
    this.ring = new long[order.length];
    for (int position = 0; position < ring.length; position++) {
      ring[position] = spot(position);
    }
    Arrays.sort(ring);
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

  /**
   * The wardens of a machine: those next to it in a ring of hashed names, the same at every peer.
   * An edit of the list changes few of them.
   *
   * @param except is never one; neither is the machine itself
   */
  List<String> wardens(String machine, String except) {
    int position = positionOf(machine);
    if (position < 0) {
      return List.of();
    }
    int own = Arrays.binarySearch(ring, spot(position));
    List<String> wardens = new ArrayList<>();
    for (int i = 1; i < ring.length && wardens.size() < WARDENS; i++) {
      String name = at((int) ring[(own + i) % ring.length]).name();
      if (!name.equals(except)) {
        wardens.add(name);
      }
    }
    return wardens;
  }

  private long spot(int position) {
    return (long) mixed(at(position).name()) << 32 | position;
  }

  /** FNV-1a, its bits spread: specified here, because peers on different JDKs have to agree. */
  private static int mixed(String name) {
    int hash = 0x811c9dc5;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x01000193;
    }
    hash = (hash ^ hash >>> 16) * 0x85ebca6b;
    return hash ^ hash >>> 13;
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
