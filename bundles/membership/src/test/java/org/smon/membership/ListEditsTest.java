// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smon.api.InvalidInputException;
import org.smon.api.Machine;
import org.smon.api.MachineList;

class ListEditsTest {
  private static final String PIN = "SHA256:" + "A".repeat(43);
  private static final Machine PINNED = new Machine("a", "joe", 2222, PIN, List.of("site=x"));
  private static final MachineList LIST =
      new MachineList(List.of(PINNED, Machine.parse("b")), List.of());

  @Test
  void addedMachinesStandAtTheEnd() {
    MachineList list = ListEdits.add(LIST, entries("c", "me@d:23"));
    assertEquals(List.of("a", "b", "c", "d"), names(list));
    assertEquals(23, list.find("d").orElseThrow().sshPort());
  }

  @Test
  void aRemovedMachineBecomesATombstoneAndComesBackWithItsUserPortAndPin() {
    MachineList without = ListEdits.remove(LIST, List.of("a"));
    assertEquals(List.of("b"), names(without));
    assertEquals(List.of(PINNED), without.removed());
    MachineList again = ListEdits.add(without, entries("a"));
    assertEquals(PINNED, again.find("a").orElseThrow());
    assertEquals(List.of(), again.removed());
  }

  @Test
  void whatIsGivenOverridesTheTombstone() {
    MachineList without = ListEdits.remove(LIST, List.of("a"));
    Machine again = ListEdits.add(without, entries("ann@a:22")).find("a").orElseThrow();
    assertEquals("ann", again.user());
    assertEquals(22, again.sshPort());
    assertEquals(PIN, again.hostKey());
  }

  @Test
  void settingTheListKeepsWhatStaysAndRemembersWhoLeft() {
    MachineList list = ListEdits.set(LIST, entries("c", "a"));
    assertEquals(List.of("c", "a"), names(list));
    assertEquals(PINNED, list.find("a").orElseThrow());
    assertEquals(List.of(Machine.parse("b")), list.removed());
  }

  @Test
  void anEditTouchesOneMachine() {
    MachineList list = ListEdits.edit(LIST, "b", machine -> machine.withHostKey(PIN));
    assertEquals(PIN, list.find("b").orElseThrow().hostKey());
    assertEquals(PINNED, list.find("a").orElseThrow());
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    assertRefused("b", () -> ListEdits.add(LIST, entries("b")));
    assertRefused("c", () -> ListEdits.add(LIST, entries("c", "c")));
    assertRefused("c", () -> ListEdits.set(LIST, entries("c", "a", "me@c")));
    assertRefused("zzz", () -> ListEdits.remove(LIST, List.of("a", "zzz")));
    assertRefused("zzz", () -> ListEdits.edit(LIST, "zzz", machine -> machine));
    assertRefused("line 3", () -> ListEntry.parseLines(List.of("# c", "a", "b;rm")));
  }

  @Test
  void everyWrongLineIsNamedByItsNumber() {
    List<String> lines = List.of("a", "b c", "", "# d;", "d;e", "ok", "me@a:22", "x:y");
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> ListEntry.parseLines(lines));
    for (String told : List.of("line 2: ", "line 5: ", "line 7: a stands twice", "line 8: ")) {
      assertTrue(e.getMessage().contains(told), e.getMessage());
    }
    assertEquals(3, e.getMessage().split("; line").length - 1, e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void everyUnknownNameOfARemovalIsTold() {
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () -> ListEdits.remove(LIST, List.of("x", "a", "y", "$(z)")));
    assertTrue(e.getMessage().contains("'x', 'y', '$(z)' are not"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a\nb",
        "../x",
        "-oProxyCommand=x",
        "$(id)",
        "a;b",
        "u@",
        "@a",
        "a:0",
        "a:x"
      })
  void namesThatCouldMeanSomethingElseAreRefused(String text) {
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> ListEntry.parse(text));
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void aFileOf15000LinesWithCommentsReads() {
    List<String> lines = new ArrayList<>(List.of("# all machines", ""));
    for (int i = 0; i < 15_000; i++) {
      lines.add("node-" + i + ".example.org   # rack " + i % 40);
    }
    MachineList list = ListEdits.set(MachineList.EMPTY, ListEntry.parseLines(lines));
    assertEquals(15_000, list.size());
  }

  private static List<ListEntry> entries(String... texts) {
    return List.of(texts).stream().map(ListEntry::parse).toList();
  }

  private static List<String> names(MachineList list) {
    return list.machines().stream().map(Machine::name).toList();
  }

  private static void assertRefused(String named, Runnable edit) {
    InvalidInputException e = assertThrows(InvalidInputException.class, edit::run);
    assertTrue(e.getMessage().contains(named), e.getMessage());
  }
}
