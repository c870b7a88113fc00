// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.smon.api.Machine;
import org.smon.api.MachineList;

class RosterTest {
  @Test
  void allPeersDeriveTheSameOrderFromTheListsHash() {
    assertEquals(List.of("m2", "m3", "m1", "m0", "m4"), names(roster(5, "f00d")));
    assertEquals(names(roster(50, "f00d")), names(roster(50, "f00d")));
    assertNotEquals(names(roster(50, "f00d")), names(roster(50, "beef")));
  }

  @Test
  void everyMachineHasOnePosition() {
    Roster roster = roster(100, "f00d");
    for (int i = 0; i < 100; i++) {
      assertEquals(i, roster.positionOf(roster.at(i).name()));
    }
    assertEquals(-1, roster.positionOf("stranger"));
    assertEquals(100, roster.whole().size());
  }

  @Test
  void aRandomPickIsNeverOneselfAndIsEvenOverTheOthers() {
    Roster roster = roster(5, "f00d");
    SplittableRandom random = new SplittableRandom(1);
    TreeMap<String, Integer> picked = new TreeMap<>();
    for (int i = 0; i < 4_000; i++) {
      picked.merge(roster.random(random, "m2").name(), 1, Integer::sum);
    }
    assertEquals(List.of("m0", "m1", "m3", "m4"), List.copyOf(picked.keySet()));
    picked.forEach((name, times) -> assertEquals(1_000, times, 120, name));
  }

  @Test
  void aLonePeerHasNobodyToPick() {
    assertNull(roster(1, "f00d").random(new SplittableRandom(1), "m0"));
    assertNull(Roster.EMPTY.random(new SplittableRandom(1), "m0"));
  }

  private static Roster roster(int size, String hash) {
    List<Machine> machines =
        IntStream.range(0, size).mapToObj(i -> Machine.parse("m" + i)).toList();
    return new Roster(new MachineList(machines, List.of()), hash);
  }

  private static List<String> names(Roster roster) {
    return IntStream.range(0, roster.size()).mapToObj(i -> roster.at(i).name()).toList();
  }
}
