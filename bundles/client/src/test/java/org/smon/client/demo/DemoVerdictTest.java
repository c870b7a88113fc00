// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.AppStatus;
import org.smon.wire.MachineStatus.State;

class DemoVerdictTest {
  private static final List<MachineStatus> BEFORE =
      List.of(
          machine("a", 1, "1.0.0", 7), machine("b", 2, "1.0.0", 8), machine("c", 3, "1.0.0", 9));

  private static MachineStatus machine(String name, long pid, String release, long app) {
    return new MachineStatus(
        name,
        State.online,
        pid,
        null,
        release,
        "adopted",
        1L,
        1L,
        "client",
        1,
        1,
        0L,
        null,
        List.of(new AppStatus("echo", "1.0.0", "online", "running", app, 0)));
  }

  private static List<String> wrong(Fault fault, MachineStatus... after) {
    return new DemoVerdict(BEFORE, fault, "1.0.1").wrong(List.of(after));
  }

  @Test
  void allOnTheNewReleaseInTheirOldProcessesIsAsItShouldBe() {
    assertEquals(
        List.of(),
        wrong(
            null,
            machine("a", 1, "1.0.1", 7),
            machine("b", 2, "1.0.1", 8),
            machine("c", 3, "1.0.1", 9)));
  }

  @Test
  void whatIsNotAsItShouldBeIsNamed() {
    assertEquals(
        List.of(
            "a runs 1.0.0, not 1.0.1",
            "b: applications are other processes than before",
            "c is down",
            "1 peers are new processes, 0 may be"),
        wrong(
            null,
            machine("a", 1, "1.0.0", 7),
            machine("b", 22, "1.0.1", 88),
            MachineStatus.silent("c", State.down, null)));
  }

  @Test
  void afterABrokenReleaseAllAreBackOnTheOldOne() {
    assertEquals(
        List.of("b runs 1.0.1, not 1.0.0"),
        wrong(
            Fault.throwing,
            machine("a", 1, "1.0.0", 7),
            machine("b", 2, "1.0.1", 8),
            machine("c", 3, "1.0.0", 9)));
  }

  @Test
  void onlyAHungActivationMayCostPeersAndOnlyThoseOfTheFirstWave() {
    MachineStatus[] two = {
      machine("a", 11, "1.0.0", 7), machine("b", 22, "1.0.0", 8), machine("c", 3, "1.0.0", 9)
    };
    assertEquals(List.of(), wrong(Fault.hanging, two));
    assertEquals(List.of("2 peers are new processes, 0 may be"), wrong(Fault.leaking, two));
    two[2] = machine("c", 33, "1.0.0", 9);
    assertEquals(List.of("3 peers are new processes, 2 may be"), wrong(Fault.hanging, two));
  }
}
