// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.smon.api.Versions;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;

class SmonStrategyTest {
  @Test
  void theShareIsVisitedOneByOneWithoutWaiting() {
    Bench bench = Bench.smon(20);
    Work share = bench.others(3);
    List<String> first = bench.start(share, null);
    assertEquals("visit " + bench.at(share.from()), first.get(0));
    assertEquals("ping " + bench.at(share.from() + 1), first.get(1));
    bench.lost(); // of the check of the second one
    long visit = bench.effects.lastToken() - 1;
    List<String> next = bench.visited(visit, bench.at(share.from()), Outcome.DEPLOYED, Step.START);
    assertEquals("visit " + bench.at(share.from() + 1), next.get(0));
  }

  @Test
  void aMachineOfTheShareThatAnswersIsNotVisited() {
    Bench bench = Bench.smon(20);
    Work share = bench.others(2);
    bench.start(share, null);
    bench.pong(Versions.NONE, 0);
    List<String> next =
        bench.visited(
            bench.effects.lastToken() - 1, bench.at(share.from()), Outcome.DEPLOYED, Step.START);
    assertFalse(next.contains("visit " + bench.at(share.from() + 1)), "" + next);
    assertEquals(0, bench.core.workLeft());
  }

  @Test
  void ownMachineIsNeverInTheShare() {
    Bench bench = Bench.smon(5);
    bench.start(bench.roster.whole(), null);
    assertEquals(4, bench.core.workLeft());
  }

  @Test
  void whoAsksGetsHalfAndGetsTheSameHalfIfTheAnswerWasLost() {
    Bench bench = Bench.smon(20);
    bench.start(bench.others(9), null);
    Work given = bench.core.onWorkAsked(bench.now, "m7");
    assertEquals(4, given.size());
    assertEquals(given, bench.core.onWorkAsked(bench.now + 100, "m7"));
    assertEquals(2, bench.core.onWorkAsked(bench.now + 100, "m8").size());
    assertEquals(1, bench.core.onWorkAsked(bench.now + 60_000, "m7").size());
  }

  @Test
  void aFreshPeerAsksTheOneWhoDeployedIt() {
    Bench bench = Bench.smon(20);
    assertEquals(List.of("ask m3"), bench.start(null, "m3"));
    Work share = bench.others(2);
    bench.core.onWork(bench.now, bench.effects.lastToken(), share);
    assertEquals("visit " + bench.at(share.from()), bench.effects.taken().get(0));
  }

  @Test
  void theSameHalfTwiceIsNotTakenTwice() {
    Bench bench = Bench.smon(20);
    bench.start(null, "m3");
    Work share = bench.others(1);
    bench.core.onWork(bench.now, bench.effects.lastToken(), share);
    bench.effects.taken();
    long visit = bench.effects.lastToken();
    List<String> next = bench.visited(visit, bench.at(share.from()), Outcome.BUSY, Step.CLAIM);
    assertEquals("ask m3", next.get(next.size() - 1));
    bench.core.onWork(bench.now, bench.effects.lastToken(), share);
    assertEquals(0, bench.core.workLeft());
  }

  @Test
  void aPeerThatNobodyGivesWorkStopsAsking() {
    Bench bench = Bench.smon(20);
    int asked = bench.start(null, "m3").size();
    for (int i = 0; i < 200; i++) {
      bench.core.onWork(bench.now, bench.effects.lastToken(), null); // void if it was a ping
      List<String> wanted = bench.wake();
      asked += (int) wanted.stream().filter(line -> line.startsWith("ask")).count();
      if (wanted.stream().anyMatch(line -> line.startsWith("ping"))) {
        bench.pong(Bench.livetag(1, "aa"), 0);
      }
    }
    assertEquals(8, asked);
  }

  @Test
  void aRefusedPingIsConfirmedByASecondOneBeforeAnybodyLogsIn() {
    Bench bench = Bench.smon(2);
    bench.start(null, null);
    assertEquals(List.of("ping m1"), bench.wake());
    assertEquals(List.of(), bench.refused());
    assertEquals(List.of("ping m1"), bench.wakeUntilWanted());
    assertEquals(List.of("visit m1"), bench.refused());
  }

  @Test
  void aSuspectThatAnswersIsNotVisited() {
    Bench bench = Bench.smon(2);
    bench.start(null, null);
    bench.wake();
    bench.lost();
    bench.wakeUntilWanted();
    bench.pong(Bench.livetag(1, "aa"), 0);
    bench.wakeUntilWanted();
    assertEquals(List.of(), bench.lost());
  }

  @Test
  void whileOthersHaveWorkASilentMachineIsLeftToThemForAMinute() {
    Bench bench = Bench.smon(3);
    bench.start(null, null);
    String silent = bench.wake().get(0);
    bench.pinged("m2", 1);
    bench.refused();
    long since = bench.now;
    for (int i = 0; i < 100; i++) {
      bench.pinged("m9", 1);
      List<String> wanted = bench.wake();
      if (wanted.contains(silent) && hasVisit(bench.refused())) {
        assertTrue(bench.now - since >= CoreConfig.smon().holdMillis(), "after " + bench.now);
        return;
      }
    }
    throw new AssertionError("never visited");
  }

  @Test
  void aMachineThatCouldNotBeHelpedIsLeftAloneForLongerAndLonger() {
    Bench bench = Bench.smon(2);
    bench.start(null, null);
    long first = millisToNextVisit(bench, Outcome.ALIVE, Step.PROBE);
    long later = 0;
    for (int i = 0; i < 8; i++) {
      later = millisToNextVisit(bench, Outcome.ALIVE, Step.PROBE);
    }
    assertTrue(first < 60_000, "first after " + first);
    assertTrue(later > 2_000_000 && later < 4_600_000, "later after " + later);
  }

  @Test
  void aMachineThatIsOffIsTriedAgainWithinAboutAMinute() {
    Bench bench = Bench.smon(2);
    bench.start(null, null);
    for (int i = 0; i < 10; i++) {
      long pause = millisToNextVisit(bench, Outcome.UNREACHABLE, Step.CONNECT);
      assertTrue(pause < 100_000, "after " + pause);
    }
  }

  @Test
  void withoutAnAgentTheShareIsKeptAndTriedAgain() {
    Bench bench = Bench.smon(20);
    Work share = bench.others(1);
    bench.start(share, null);
    String machine = bench.at(share.from());
    long visit = bench.effects.lastToken();
    for (int i = 0; i < 5; i++) {
      long from = bench.now;
      List<String> wanted = bench.visited(visit, machine, Outcome.FAILED, Step.AGENT);
      assertFalse(wanted.contains("visit " + machine), "try " + i + " at once");
      assertEquals(1, bench.core.workLeft());
      if (wanted.contains("ping " + machine)) {
        bench.lost();
      }
      awaitVisit(bench, machine);
      visit = bench.effects.lastToken();
      assertTrue(bench.now - from >= 700L << i, "try " + i + " after " + (bench.now - from));
    }
  }

  @Test
  void withLivetagFalseNothingIsPingedOrVisitedAndNothingIsScheduled() {
    Bench bench = Bench.smon(20);
    bench.core.start(bench.now, bench.held(1, false), bench.roster.whole(), null);
    assertEquals(List.of(), bench.effects.taken());
    assertEquals(bench.now + 600_000, bench.effects.wakeAt(), "only the end of the quiet time");
  }

  @Test
  void whenLivetagTurnsTrueTheWorkGoesOn() {
    Bench bench = Bench.smon(20);
    Work share = bench.others(1);
    bench.core.start(bench.now, bench.held(1, false), share, null);
    bench.core.onDocuments(bench.now, bench.held(2, true));
    assertTrue(bench.effects.taken().contains("visit " + bench.at(share.from())));
  }

  @Test
  void aSlowVisitDoesNotHoldUpTheShare() {
    Bench bench = Bench.smon(20);
    Work share = bench.others(2);
    bench.start(share, null);
    bench.lost(); // the check of the second one
    long from = bench.now;
    awaitVisit(bench, bench.at(share.from() + 1));
    assertEquals(CoreConfig.smon().slowVisitMillis(), bench.now - from, 50);
  }

  @Test
  void theLastOneLeftTakesTheWholeListAfterItsFirstSuccess() {
    Bench bench = Bench.smon(10);
    for (long token : healedAlone(bench)) {
      assertEquals(0, bench.core.workLeft());
      bench.core.onPingLost(bench.now, token, false, "no answer");
    }
    assertTrue(bench.core.workLeft() >= 8, "work left " + bench.core.workLeft());
    assertTrue(bench.effects.events().contains("take-over m0"));
  }

  @Test
  void oneAnswerToTheSurveyIsEnoughToLeaveTheListToTheRounds() {
    Bench bench = Bench.smon(10);
    List<Long> survey = healedAlone(bench);
    bench.core.onPong(bench.now, survey.get(3), Bench.livetag(1, "aa"), 0);
    survey.forEach(token -> bench.core.onPingLost(bench.now, token, false, "no answer"));
    assertEquals(0, bench.core.workLeft());
  }

  @Test
  void aPeerWithNothingToDoGivesNothing() {
    Bench bench = Bench.smon(10);
    bench.start(null, null);
    assertNull(bench.core.onWorkAsked(bench.now, "m3"));
  }

  /** All are silent until one is visited and recovered; the tokens of the survey that follows. */
  private static List<Long> healedAlone(Bench bench) {
    bench.start(null, null);
    for (int i = 0; i < 50; i++) {
      List<String> wanted = bench.wake();
      if (wanted.stream().anyMatch(line -> line.startsWith("ping"))) {
        wanted = bench.refused();
      }
      if (hasVisit(wanted)) {
        String machine = wanted.get(wanted.size() - 1).substring("visit ".length());
        List<String> after =
            bench.visited(bench.effects.lastToken(), machine, Outcome.RECOVERED, Step.START);
        long pings = after.stream().filter(line -> line.startsWith("ping")).count();
        long numbered = after.stream().filter(line -> !line.startsWith("notice")).count();
        long first = bench.effects.lastToken() - numbered + 1;
        assertTrue(pings > 8, "a survey: " + after);
        return LongStream.range(first, first + pings).boxed().toList();
      }
    }
    throw new AssertionError("nobody is visited");
  }

  @Test
  void aWardenHoldsNobodyBackFromAMachineThatWasHelped() {
    Bench bench = Bench.smon(20);
    bench.start(null, null);
    bench.core.onNotice(bench.now, "m3", Outcome.FAILED, Step.COPY);
    assertTrue(bench.core.onProbe(bench.now, "m7", "m3", false) > 3_000);
    bench.core.onNotice(bench.now, "m3", Outcome.RECOVERED, Step.START);
    assertEquals(0, bench.core.onProbe(bench.now, "m7", "m3", false));
  }

  private static boolean hasVisit(List<String> wanted) {
    return wanted.stream().anyMatch(line -> line.startsWith("visit "));
  }

  private static void awaitVisit(Bench bench, String machine) {
    for (int i = 0; i < 100; i++) {
      List<String> wanted = bench.wake();
      if (wanted.contains("visit " + machine)) {
        return;
      }
      if (wanted.contains("ping " + machine)) {
        bench.lost();
      } else if (wanted.stream().anyMatch(line -> line.startsWith("ping"))) {
        bench.pong(Bench.livetag(1, "aa"), 0);
      }
    }
    throw new AssertionError("no visit to " + machine);
  }

  /** Keeps m1 silent until it is visited, and reports that visit's end. */
  private static long millisToNextVisit(Bench bench, Outcome outcome, Step step) {
    long from = bench.now;
    for (int i = 0; i < 5_000; i++) {
      List<String> wanted = bench.wake();
      if (wanted.contains("ping m1") && bench.refused().contains("visit m1")) {
        long pause = bench.now - from;
        bench.visited(bench.effects.lastToken(), "m1", outcome, step);
        return pause;
      }
    }
    throw new AssertionError("m1 is never visited");
  }
}
