// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.State;

class TallyTest {
  private static MachineStatus machine(String name, String release, String state, String reason) {
    return new MachineStatus(
        name,
        State.online,
        1L,
        null,
        release,
        state,
        1L,
        1L,
        null,
        null,
        null,
        0L,
        reason,
        List.of());
  }

  private static List<String> names(List<MachineStatus> machines) {
    return machines.stream().map(MachineStatus::name).toList();
  }

  private static final Tally MIXED =
      Tally.of(
          "1.0.2",
          List.of(
              machine("new", "1.0.2", "adopted", null),
              machine("waiting", "1.0.0", "adopted", null),
              machine("trying", "1.0.0", "provisional", null),
              machine("broken", "1.0.0", "rolled-back", "release 1.0.2: it throws"),
              machine("told", "1.0.0", "rolled-back", "release 1.0.2: quarantined: 2 refused it"),
              machine("behind", "1.0.0", "rolled-back", "release 1.0.1: it hung"),
              MachineStatus.silent("dead", State.down, null)));

  @Test
  void aMachineCountsByWhatItSaysOfThisVeryRelease() {
    assertEquals(List.of("new"), names(MIXED.adopted()));
    assertEquals(List.of("trying"), names(MIXED.provisional()));
    assertEquals(List.of("broken", "told"), names(MIXED.rolledBack()));
    assertEquals(List.of("broken"), names(MIXED.refusing()), "the other has not tried it");
    assertEquals(List.of("waiting", "trying", "behind"), names(MIXED.stragglers()));
    assertEquals(List.of("dead"), names(MIXED.silent()));
    assertEquals("it throws", MIXED.reason(MIXED.refusing().get(0)));
  }

  @Test
  void itIsGoneWhenNobodyRunsOrTriesIt() {
    assertFalse(MIXED.isGone());
    assertFalse(Tally.of("2", List.of(machine("a", "1", "provisional", null))).isGone());
    assertFalse(Tally.of("2", List.of(machine("a", "2", "adopted", null))).isGone());
    assertTrue(Tally.of("2", List.of(machine("a", "1", "rolled-back", "it throws"))).isGone());
  }
}
