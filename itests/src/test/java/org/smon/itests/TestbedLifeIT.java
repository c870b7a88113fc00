// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Switching off, removing and purging on machines with a net and disks of their own, while some of
 * them cannot hear of it. Asked for like {@link TestbedIT}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TestbedLifeIT {
  private static final String CUT_OFF = "m1";
  private static final String OTHER = "m3";
  private static final String BY_PASSWORD = "m4";

  @TempDir static Path temp;
  private static Testbed bed;
  private static Map<String, Set<String>> pristine;

  @BeforeAll
  static void deploy() throws IOException {
    TestbedIT.assumeAsked(temp);
    bed = Testbed.up(temp, 4);
    Path passwords = bed.lockByPassword(BY_PASSWORD);
    pristine = traces();
    bed.deploy("--password-file", passwords);
  }

  @AfterAll
  static void down() {
    if (bed != null) {
      bed.close();
    }
  }

  private static Map<String, Set<String>> traces() {
    return bed.machines.stream().collect(Collectors.toMap(Function.identity(), bed.disks::traces));
  }

  @BeforeEach
  void heal() {
    bed.run("heal");
  }

  @Test
  @Order(1)
  void thePasswordOpensAMachineOnceAndToTheAgentAlone() {
    List<String> byPassword = bed.disks.sshdSaid(BY_PASSWORD, "Accepted password ");
    assertEquals(1, byPassword.size(), byPassword::toString);
    assertTrue(byPassword.get(0).contains(" from " + Testbed.OPERATOR + " "), byPassword::toString);
    assertTrue(!bed.disks.sshdSaid(BY_PASSWORD, "Accepted publickey ").isEmpty());
  }

  @Test
  @Order(2)
  void aRebootedMachineStartsItsPeerByItself() {
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/cron")), "there is no cron; install cron");
    String written = "test -s /home/ops/.smon-peer/*/state/autostart";
    Await.until(
        "its last visit is over",
        30,
        () -> "no state/autostart",
        () -> bed.does(List.of("exec", OTHER, "--", "sh", "-c", written)));
    bed.run("split", OTHER); // no fellow can come and do it
    bed.run("reboot", OTHER);
    Await.until("its peer is back", 60, bed.processes::allPeers, bed.processes::onePeerEach);
    bed.run("heal");
    Await.until("the others see it", 60, bed::ills, bed::whole);
  }

  @Test
  @Order(3)
  void aMachineRemovedWhileCutOffLeavesItselfAndNoOldListBringsItBack() {
    bed.run("cut", CUT_OFF);
    bed.smon.run("machines", "remove", CUT_OFF).done();
    bed.run("heal");
    Await.until(
        "nothing of it is left",
        120,
        () -> bed.processes.peers(CUT_OFF) + " " + left(CUT_OFF),
        () -> bed.processes.peers(CUT_OFF).isEmpty() && left(CUT_OFF).isEmpty());
    assertTrue(
        bed.processes.onePeerEach(bed.machines.subList(1, 4)), bed.processes.allPeers()::toString);

    bed.smon.run("machines", "add", CUT_OFF).done();
    Await.until("it is there again", 120, bed::ills, bed::whole);
  }

  @Test
  @Order(4)
  void whoWasCutOffDuringAShutdownResurrectsNobody() {
    bed.run("cut", CUT_OFF);
    bed.smon.run("shutdown", "--timeout", 100).done();
    // They answer no more; their processes are at their end.
    Await.until(
        "one peer is left", 30, bed.processes::allPeers, () -> bed.processes.peerCount() == 1);
    try (Watch watch = new Watch(bed)) {
      bed.run("heal");
      Await.until(
          "the last one stops", 120, bed.processes::allPeers, () -> bed.processes.peerCount() == 0);
      assertEquals(1, watch.starts(), "more peers ran than the one that was cut off");
    }
    bed.smon.runWithin(200, "deploy").done();
    Await.until("all is back", 60, bed::ills, bed::whole);
  }

  @Test
  @Order(5)
  void purgeLeavesNoFileAndNoProcess() {
    bed.smon.runWithin(200, "purge", "--yes").done();
    for (String machine : bed.machines) {
      assertEquals(Set.of(), left(machine), machine);
      // The server's side of the last login may still be ending.
      Await.until(
          "no process of the user on " + machine,
          20,
          () -> bed.processes.userProcesses(machine),
          () -> bed.processes.userProcesses(machine).isEmpty());
    }
  }

  /** What is on the machine's disk and was not before the overlay, or is not as it was. */
  private static Set<String> left(String machine) {
    return bed.disks.traces(machine).stream()
        .filter(trace -> !pristine.get(machine).contains(trace))
        .limit(20)
        .collect(Collectors.toSet());
  }
}
