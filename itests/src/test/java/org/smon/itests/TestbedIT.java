// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.wire.MachineStatus;

/**
 * The overlay on machines with a net, processes and disks of their own and real OpenSSH servers.
 * Runs as root and only when asked for, with {@code -Dsmon.testbed=yes}, as {@code .ci/run} does;
 * {@code smon.soak.seed}, {@code .seconds}, {@code .machines} and {@code smon.loss.seconds} make it
 * longer.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class TestbedIT {
  @TempDir static Path temp;
  private static Testbed bed;

  @BeforeAll
  static void deploy() throws IOException {
    assumeAsked(temp);
    bed = Testbed.deployed(temp, Integer.getInteger("smon.soak.machines", 6));
  }

  static void assumeAsked(Path temp) throws IOException {
    assumeTrue(
        System.getProperty("smon.testbed", "").equals("yes"),
        "the testbed was not asked for: as root, .ci/run, or mvn verify -Dsmon.testbed=yes");
    String missing = TestbedScript.in(temp).missing();
    assumeTrue(missing.isEmpty(), () -> "no testbed here: " + missing);
  }

  @AfterAll
  static void down() {
    if (bed != null) {
      bed.close();
    }
  }

  @Test
  @Order(1)
  void lostPacketsAndAStarvedPeerBringNobodyToLogIn() {
    List<List<TestbedProcesses.Peer>> before = bed.processes.allPeers();
    long since = Instant.now().getEpochSecond();
    bed.run("loss", "all", 20);
    bed.run("starve", "m2", 10);
    // What must not happen has no condition to wait for.
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(Integer.getInteger("smon.loss.seconds", 45)));
    bed.run("heal");
    for (String machine : bed.machines) {
      assertEquals(List.of(), bed.disks.logins(machine, since), machine);
    }
    assertEquals(before, bed.processes.allPeers());
  }

  @Test
  @Order(2)
  void aClosedGossipPortIsToldAndItsPeerLeftAlone() {
    List<TestbedProcesses.Peer> before = bed.processes.peers("m2");
    long since = Instant.now().getEpochSecond();
    bed.run("block", "m2", 7600);
    MachineStatus[] told = new MachineStatus[1];
    Await.until(
        "m2 is told as unreachable",
        90,
        () -> told[0],
        () -> {
          told[0] = bed.status("m2");
          return told[0] != null
              && told[0].state() == MachineStatus.State.unreachable
              && told[0].reason() != null
              && told[0].reason().contains("port 7600");
        });
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(30));
    bed.run("heal");
    assertEquals(before, bed.processes.peers("m2"));
    List<Login> logins = bed.disks.logins("m2", since);
    assertTrue(logins.size() <= Soak.MOST_NEEDLESS, logins::toString);
    Await.until("m2 is online", 60, () -> bed.status("m2"), () -> bed.online("m2"));
  }

  @Test
  @Order(3)
  void partsKeepThemselvesAndMergeWithoutRestarts() {
    String here = bed.machines.get(0);
    String there = bed.machines.get(bed.machines.size() - 1);
    List<Object> part = new ArrayList<>(List.of("split"));
    part.addAll(bed.machines.subList(0, bed.machines.size() / 2));
    try (Watch watch = new Watch(bed)) {
      bed.run(part.toArray());
      bed.run("kill", here);
      bed.run("kill", there);
      Await.until(
          "each part heals its own", 90, bed.processes::allPeers, bed.processes::onePeerEach);
      List<List<TestbedProcesses.Peer>> before = bed.processes.allPeers();
      // Seen from the other part they are silent for some rounds more.
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(15));
      bed.run("heal");
      Await.until("the parts are one", 60, bed::status, bed::whole);
      assertEquals(before, bed.processes.allPeers());
      assertEquals(List.of(), watch.offences());
    }
  }

  @Test
  @Order(4)
  void anAcknowledgedChangeOutlivesAnyTwoOfThoseThatHoldIt() {
    bed.smon.run("machines", "edit", "m1", "--tag", "kept").done();
    long version = bed.list().version();
    List<String> holders =
        bed.machines.stream().filter(m -> bed.disks.listOn(m) == version).toList();
    assertTrue(holders.size() >= 3, holders::toString);
    List<String> lost = holders.subList(0, 2);
    lost.forEach(m -> bed.run("wipe", m));
    lost.forEach(m -> bed.run("reboot", m));
    Await.until("all is back", 120, bed::status, bed::whole);
    for (String machine : bed.machines) {
      assertEquals(version, bed.disks.listOn(machine), machine);
    }
  }

  @Test
  @Order(5)
  void aDiskThatFillsInTheMiddleOfACopyIsToldAndTheCopyGoesOnOnceThereIsRoom() {
    String full = "m3";
    bed.run("wipe", full);
    bed.machines.stream().filter(m -> !m.equals(full)).forEach(m -> bed.run("rate", m, "20mbit"));
    bed.run("reboot", full);
    assertTrue(Await.glimpsed(120, () -> bed.disks.partOn(full) > 1 << 20), "no copy began");
    bed.run("fill", full);
    Await.until(
        "somebody tells that there is no space",
        90,
        () -> bed.smon.run("why", full),
        () -> bed.smon.run("why", full).out().contains("No space left on device"));
    assertEquals(List.of(), bed.processes.peers(full));
    bed.run("drain", full);
    bed.run("heal");
    Await.until("its peer is there", 120, bed::ills, bed::whole);
    assertEquals(1, bed.status(full).copies());
  }

  @Test
  @Order(6)
  void whateverHappensItIsWholeSoonAfter() {
    new Soak(bed, Long.getLong("smon.soak.seed", 1), Integer.getInteger("smon.soak.seconds", 90))
        .run();
  }
}
