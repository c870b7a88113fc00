// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/** Between a lost ping and a login (R16). */
class DetectionTest {
  private static final long HOUR = 3_600_000;

  @Test
  void aSilentMachineIsPingedThreeMoreTimesBeforeAnybodyLogsIn() {
    Bench bench = Bench.smon(2);
    bench.start(null, null);
    int pings = 0;
    List<String> wanted = bench.wakeUntilWanted();
    while (wanted.equals(List.of("ping m1"))) {
      pings++;
      wanted = bench.lost();
      wanted = wanted.isEmpty() ? bench.wakeUntilWanted() : wanted;
    }
    assertEquals(List.of("visit m1"), wanted);
    assertTrue(pings >= 4, "only " + pings);
  }

  @Test
  void aSuspectIsPingedByItsWardensTooAndAtLastTheyAreAskedWhetherSomebodyWasThere() {
    Bench bench = Bench.smon(20);
    bench.start(null, null);
    String suspect = bench.wakeUntilWanted().get(0).substring("ping ".length());
    bench.core.onPingLost(bench.now, bench.effects.lastToken(), true, "refused");
    List<String> check = bench.wakeUntilWanted();
    assertEquals(5, check.stream().filter(l -> l.startsWith("probe " + suspect)).count());
    assertTrue(check.contains("ping " + suspect), "" + check);
    loseProbes(bench);
    bench.core.onPingLost(bench.now, bench.effects.lastToken(), true, "refused");
    List<String> last = bench.effects.taken();
    assertEquals(5, last.stream().filter(l -> l.startsWith("probe " + suspect)).count(), "" + last);
    loseProbes(bench);
    List<String> visit = bench.effects.taken();
    assertEquals(5, visit.stream().filter(l -> l.startsWith("notice " + suspect)).count());
    assertEquals("visit " + suspect, visit.get(visit.size() - 1));
  }

  @Test
  void oneWardenThatReachesItOrKnowsOfAVisitIsEnough() {
    for (long holdMillis : new long[] {0, 20_000}) {
      Bench bench = Bench.smon(20);
      bench.start(null, null);
      bench.wakeUntilWanted();
      bench.core.onPingLost(bench.now, bench.effects.lastToken(), true, "refused");
      bench.wakeUntilWanted();
      List<Long> probes = bench.effects.takenProbes();
      bench.core.onProbed(bench.now, probes.get(2), holdMillis == 0, holdMillis);
      probes.forEach(token -> bench.core.onProbeLost(bench.now, token));
      bench.core.onPingLost(bench.now, bench.effects.lastToken(), true, "refused");
      List<String> wanted = bench.effects.taken();
      assertFalse(wanted.stream().anyMatch(l -> l.startsWith("visit")), "" + wanted);
    }
  }

  @Test
  void aSuspectedPeerPingsBackAndTheLossOfThatMakesNobodyASuspect() {
    Bench bench = Bench.smon(20);
    bench.start(null, null);
    bench.core.onPing(bench.now, "m4", Bench.livetag(1, "aa"), 0, "m5");
    assertEquals(List.of("ping m5"), bench.effects.taken());
    bench.core.onPingLost(bench.now, bench.effects.lastToken(), true, "refused");
    assertEquals(List.of(), bench.effects.events());
  }

  @Test
  void wardensAreTheSameAtEveryPeerAndAreSpreadEvenly() {
    Roster roster = Bench.smon(100).roster;
    int[] wards = new int[100];
    for (int i = 0; i < 100; i++) {
      List<String> wardens = roster.wardens("m" + i, "nobody");
      assertEquals(5, wardens.stream().distinct().count());
      assertFalse(wardens.contains("m" + i));
      wardens.forEach(w -> wards[Integer.parseInt(w.substring(1))]++);
    }
    for (int of : wards) {
      assertEquals(5, of);
    }
    assertEquals(List.of(), roster.wardens("unknown", "m0"));
    assertEquals(List.of("m0"), Bench.smon(2).roster.wardens("m1", "m1"));
  }

  @Test
  void visitsToALivingMachineAreSixInTheFirstHourAndThenOneAnHour() {
    BackOffs backOffs = backOffs();
    List<Long> logins = new ArrayList<>();
    for (long now = 0; now < 5 * HOUR; now += 1_000) {
      if (!backOffs.holds(now, "m1")) {
        logins.add(now);
        backOffs.after(now, "m1", Outcome.ALIVE, Step.PROBE);
      }
    }
    assertTrue(logins.stream().filter(at -> at < HOUR).count() <= 6, "" + logins);
    assertTrue(logins.size() <= 12, "" + logins);
  }

  @Test
  void sixFailedLoginsAreTheMostInAnHourWhateverHappensBetween() {
    BackOffs backOffs = backOffs();
    for (int i = 0; i < 6; i++) {
      assertFalse(backOffs.holds(i * 1_000, "m1"), "login " + i);
      backOffs.after(i * 1_000, "m1", Outcome.FAILED, Step.COPY);
      backOffs.forgive("m1");
    }
    assertTrue(backOffs.holds(HOUR - 1, "m1"));
    assertFalse(backOffs.holds(HOUR + 1, "m1"));
  }

  @Test
  void visitsWithoutALoginAreNotCounted() {
    BackOffs backOffs = backOffs();
    for (int i = 0; i < 20; i++) {
      backOffs.after(0, "m1", Outcome.UNREACHABLE, Step.CONNECT);
    }
    assertTrue(backOffs.millisLeft(0, "m1") <= 75_000);
    backOffs.refused("m1");
    assertFalse(backOffs.holds(0, "m1"), "it has booted");
  }

  @Test
  void aMachineThatIsVisitedIsHeldUntilItIsKnownHowThatEnded() {
    BackOffs backOffs = backOffs();
    backOffs.visiting(0, "m1");
    assertTrue(backOffs.holds(30_000, "m1"));
    backOffs.visitedInVain("m1");
    assertFalse(backOffs.holds(30_000, "m1"));
  }

  @Test
  void theTableOfBackOffsStaysSmallAndForgetsLoginsLast() {
    BackOffs backOffs = backOffs();
    backOffs.after(0, "logged-in", Outcome.ALIVE, Step.PROBE);
    for (int i = 0; i < 10_000; i++) {
      backOffs.after(0, "x" + i, Outcome.UNREACHABLE, Step.CONNECT);
    }
    assertTrue(backOffs.holds(1, "logged-in"));
    assertFalse(backOffs.holds(1, "x0"));
  }

  private static BackOffs backOffs() {
    Bench bench = Bench.smon(20);
    Self self = new Self("m0", CoreConfig.smon(), new SplittableRandom(1), bench.effects);
    self.hold(bench.held(1, true));
    return new BackOffs(self);
  }

  private static void loseProbes(Bench bench) {
    bench.effects.takenProbes().forEach(token -> bench.core.onProbeLost(bench.now, token));
  }
}
