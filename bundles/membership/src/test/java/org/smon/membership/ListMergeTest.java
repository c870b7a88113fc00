// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smon.api.Machine;
import org.smon.api.MachineList;

class ListMergeTest {
  private static final String PIN = "SHA256:" + "A".repeat(43);
  private static final MachineList BASE =
      new MachineList(List.of(machine("a"), machine("b"), machine("c")), List.of());

  @Test
  void whatEachOfTheTwoAddedAndRemovedIsInTheMerge() {
    MachineList winner = ListEdits.remove(ListEdits.add(BASE, entries("w")), List.of("a"));
    MachineList loser = ListEdits.remove(ListEdits.add(BASE, entries("l")), List.of("b"));
    ListMerge merge = ListMerge.of(winner, loser);
    assertEquals(List.of("c", "w", "l"), names(merge.list().machines()));
    assertEquals(List.of("a", "b"), names(merge.list().removed()));
    assertEquals(2, merge.remarks().size(), "a removal is always named: " + merge.remarks());
    assertEquals(
        new ListMerge.Difference(List.of("l"), List.of("b"), List.of()),
        ListMerge.difference(winner, merge.list()));
  }

  @Test
  void editsOfDifferentFieldsOfOneMachineAreBothTaken() {
    MachineList winner = ListEdits.edit(BASE, "a", m -> m.withUser("joe"));
    MachineList loser = ListEdits.edit(BASE, "a", m -> m.withHostKey(PIN).withSshPort(2222));
    ListMerge merge = ListMerge.of(winner, loser);
    assertEquals(
        new Machine("a", "joe", 2222, PIN, List.of()), merge.list().find("a").orElseThrow());
    assertEquals(List.of(), merge.remarks());
  }

  @Test
  void whereTheyDifferTheWinnersStaysAndIsNamed() {
    MachineList winner = ListEdits.edit(BASE, "a", m -> m.withUser("joe"));
    MachineList loser = ListEdits.edit(BASE, "a", m -> m.withUser("ann"));
    ListMerge merge = ListMerge.of(winner, loser);
    assertEquals("joe", merge.list().find("a").orElseThrow().user());
    assertTrue(merge.remarks().toString().contains("a: they differ"), merge::toString);
  }

  @Test
  void aMachineThatOneOfThemRemovedStaysRemoved() {
    MachineList without = ListEdits.remove(BASE, List.of("a"));
    MachineList edited = ListEdits.edit(BASE, "a", m -> m.withUser("joe"));
    for (ListMerge merge : List.of(ListMerge.of(without, edited), ListMerge.of(edited, without))) {
      assertEquals(List.of("b", "c"), names(merge.list().machines()));
      assertEquals(List.of("a"), names(merge.list().removed()));
      assertTrue(merge.remarks().toString().contains("a: one has it"), merge::toString);
    }
  }

  @Test
  void twoEqualListsAreOne() {
    assertEquals(new ListMerge(BASE, List.of()), ListMerge.of(BASE, BASE));
    assertTrue(ListMerge.difference(BASE, BASE).isNone());
  }

  private static Machine machine(String name) {
    return Machine.parse(name);
  }

  private static List<ListEntry> entries(String... texts) {
    return List.of(texts).stream().map(ListEntry::parse).toList();
  }

  private static List<String> names(List<Machine> machines) {
    return machines.stream().map(Machine::name).toList();
  }
}
