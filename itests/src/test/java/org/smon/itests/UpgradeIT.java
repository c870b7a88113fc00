// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.client.Upgrade;
import org.smon.wire.MachineStatus;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.ReleasesAnswer.ReleaseLine;
import org.smon.wire.StatusAnswer;

/**
 * Releases on four machines: good ones spread live, broken ones die at the first peers they meet,
 * and whatever happens in the middle, a machine runs what it adopted last (R18 to R25). One demo
 * for all, so the order matters: each test leaves all machines on the newest good release.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class UpgradeIT {
  private static final int HEAL_SECONDS = 180;
  private static final int MACHINES = 4;
  private static final String FIRST = "127.0.1.1";

  @TempDir static Path temp;
  private static RunningDemo demo;
  private static Upgrades upgrades;

  /** What all machines run. */
  private static String version;

  @BeforeAll
  static void deploy() throws IOException {
    demo = RunningDemo.start(temp, MACHINES, "embedded");
    upgrades = new Upgrades(demo);
    version = demo.status().release().version();
  }

  @AfterAll
  static void stop() {
    if (demo != null) {
      demo.close();
    }
  }

  @Test
  @Order(1)
  void aReleaseIsSwappedInLiveOnAllMachines() {
    Map<String, Long> before = upgrades.pids();
    Upgrade.Outcome outcome = Upgrades.outcome(upgrades.next().done());
    assertTrue(outcome.isAdopted(), outcome::toString);
    assertEquals(MACHINES, outcome.machines().adopted());
    StatusAnswer status = demo.smon.run("status", "--json").done().json(StatusAnswer.class);
    assertEquals(List.of(outcome.version()), Upgrades.ofEach(status, MachineStatus::release));
    assertEquals(List.of("adopted"), Upgrades.ofEach(status, MachineStatus::releaseState));
    assertEquals(
        new StatusAnswer.ReleaseView(outcome.version(), version), status.release(), "in status");
    assertEquals(before, upgrades.pids());
    for (String machine : demo.machines) {
      assertFalse(upgrades.isOnTrial(machine), machine);
      assertEquals(newest().hash(), upgrades.installed(machine), machine);
    }
    version = outcome.version();
  }

  private static ReleaseLine newest() {
    return releases().get(0);
  }

  private static List<ReleaseLine> releases() {
    return demo.smon.run("releases", "--json").done().json(ReleasesAnswer.class).releases();
  }

  @Test
  @Order(2)
  void releasesWhyAndTheShellShowIt() {
    List<ReleaseLine> releases = releases();
    assertEquals(version, releases.get(0).version());
    assertEquals(ReleasesAnswer.State.adopted, releases.get(0).state());
    assertEquals(MACHINES, releases.get(0).machines().adopted());
    assertEquals(ReleasesAnswer.State.superseded, releases.get(1).state());
    String why = demo.smon.run("why", FIRST).done().out();
    assertTrue(why.contains("release " + version + " is tried"), why);
    assertTrue(why.contains("release " + version + " runs and is well"), why);
    String shown = demo.smon.run("shell", FIRST, "--", "smon:status").done().out();
    assertTrue(shown.contains("release " + version + " came live"), shown);
    List<String> bundles =
        demo.smon
            .run("shell", FIRST, "--", "bundle:list", "-s", "--no-format")
            .done()
            .out()
            .lines()
            .filter(line -> line.contains("org.smon."))
            .toList();
    for (String changed : List.of("core", "gossip", "shell", "upgrade")) {
      assertEquals(List.of(version), versions(bundles, changed), bundles::toString);
    }
    assertNotEquals(List.of(version), versions(bundles, "api"), bundles::toString);
    assertEquals(1, versions(bundles, "api").size(), bundles::toString);
  }

  /** Of all bundles of this name that are active. */
  private static List<String> versions(List<String> bundles, String name) {
    return bundles.stream()
        .map(line -> List.of(line.split("\\s+")))
        .filter(words -> words.contains("org.smon." + name) && words.contains("Active"))
        .map(words -> words.stream().filter(w -> w.matches("[0-9]+(\\.[0-9]+){2}")).findFirst())
        .map(version -> version.orElse("none"))
        .toList();
  }

  @Test
  @Order(90)
  void inAllThatTimeNoMachineEverHadTwoPeers() {
    assertEquals(List.of(), demo.census().offences());
  }
}
