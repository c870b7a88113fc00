// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Logins at each machine that were needless or failed: those that revived no dead peer. */
final class Logins {
  private static final int HOUR = 3_600_000;

  private final World world;
  private final Map<Integer, Deque<Long>> lastHour = new HashMap<>();
  private long needless;
  private int mostInAnHour;

  Logins(World world) {
    this.world = world;
  }

  void needless(VirtualMachine machine) {
    needless++;
    Deque<Long> times = lastHour.computeIfAbsent(machine.index(), i -> new ArrayDeque<>());
    times.add(world.now());
    while (times.peek() <= world.now() - HOUR) {
      times.remove();
    }
    mostInAnHour = Math.max(mostInAnHour, times.size());
  }

  long needless() {
    return needless;
  }

  /** At one machine, within any hour. */
  int mostInAnHour() {
    return mostInAnHour;
  }
}
