// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smon.api.Release.Waves;
import org.smon.core.Rollout.Mark;
import org.smon.core.Rollout.Verdict;

/** R23: who may adopt a release when, and when it is stopped. */
class RolloutTest {
  private static final String RELEASE = "f00d";

  static Stream<Arguments> waves() {
    return Stream.of(
        arguments(Waves.GROWING, 1, List.of(1)),
        arguments(Waves.GROWING, 2, List.of(2)),
        arguments(Waves.GROWING, 3, List.of(2, 3)),
        arguments(Waves.GROWING, 5, List.of(2, 3, 5)),
        arguments(Waves.GROWING, 117, List.of(2, 12, 59, 117)),
        arguments(Waves.GROWING, 1_000, List.of(10, 100, 500, 1_000)),
        arguments(Waves.GROWING, 15_000, List.of(150, 1_500, 7_500, 15_000)),
        arguments(Waves.FORCED, 117, List.of(2, 12, 59, 117)),
        arguments(Waves.ONE, 117, List.of(117)));
  }

  @ParameterizedTest
  @MethodSource("waves")
  void wavesGrow(Waves plan, int machines, List<Integer> expected) {
    Rollout rollout = rollout(plan, machines, 0);
    List<Integer> targets = new ArrayList<>();
    for (int rank = 0; rank < machines; rank++) {
      if (!targets.contains(rollout.target())) {
        targets.add(rollout.target());
        assertEquals(targets.size(), rollout.wave());
      }
      assertFalse(rollout.complete(), "before the last has proved it");
      rollout.mark(name(rollout, rank), Mark.PROVED);
    }
    assertEquals(expected, targets);
    assertEquals(expected.size(), rollout.waves());
    assertEquals(Verdict.COMPLETE, rollout.verdict());
  }

  @Test
  void theOrderIsTheSameForEveryoneAndAnotherForEachRelease() {
    List<String> names = new ArrayList<>(names(50));
    WaveOrder order = new WaveOrder(RELEASE, names, "list");
    Collections.reverse(names);
    assertEquals(ranked(order), ranked(new WaveOrder(RELEASE, names, "list")));
    assertNotEquals(ranked(order), ranked(new WaveOrder("beef", names, "list")));
    assertEquals(
        List.of("m3", "m2", "m1", "m0", "m4"),
        ranked(new WaveOrder(RELEASE, names(5), "list")),
        "peers of other versions have to agree on it");
    IntStream.range(0, 50).forEach(rank -> assertEquals(rank, order.rankOf(order.name(rank))));
  }

  @Test
  void onlyTheFirstMayAdoptUntilAllOfThemHaveProvedIt() {
    for (int rank = 0; rank < 117; rank++) {
      Rollout rollout = rollout(Waves.GROWING, 117, rank);
      assertEquals(rank < 2 ? Verdict.MAY_ADOPT : Verdict.WAIT, rollout.verdict(), "" + rank);
      rollout.mark(name(rollout, 1), Mark.PROVED);
      assertEquals(rank == 0 ? Verdict.MAY_ADOPT : Verdict.WAIT, rollout.verdict(), "" + rank);
      rollout.mark(name(rollout, 0), Mark.PROVED);
      boolean second = rank >= 2 && rank < 12;
      assertEquals(second ? Verdict.MAY_ADOPT : Verdict.WAIT, rollout.verdict(), "" + rank);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ABSENT", "REFUSED"})
  void whoIsAbsentOrRefusedIsReplacedByTheNext(Mark mark) {
    Rollout next = rollout(Waves.GROWING, 117, 2);
    next.mark(name(next, 0), mark);
    boolean atOnce = mark == Mark.ABSENT; // the other one may be about to refuse it too
    assertEquals(atOnce ? Verdict.MAY_ADOPT : Verdict.WAIT, next.verdict());
    next.mark(name(next, 1), Mark.PROVED);
    assertEquals(Verdict.MAY_ADOPT, next.verdict());
    assertEquals(1, next.wave(), "two machines have to prove it");
    next.mark(name(next, 2), Mark.PROVED);
    assertEquals(2, next.wave());
    Rollout afterNext = rollout(Waves.GROWING, 117, 3);
    afterNext.mark(name(next, 0), mark);
    assertEquals(Verdict.WAIT, afterNext.verdict());
  }

  @Test
  void aStandInForOneThatRefusedWaitsForNobodyWhoIsNotComing() {
    Rollout standIn = rollout(Waves.GROWING, 117, 2);
    standIn.mark(name(standIn, 0), Mark.REFUSED);
    assertEquals(Verdict.WAIT, standIn.verdict());
    standIn.mark(name(standIn, 1), Mark.ABSENT);
    assertEquals(Verdict.MAY_ADOPT, standIn.verdict());
    Rollout impatient = rollout(Waves.GROWING, 117, 2);
    impatient.mark(name(impatient, 0), Mark.REFUSED);
    assertTrue(impatient.skipAwaited());
    assertEquals(Verdict.MAY_ADOPT, impatient.verdict());
  }

  @Test
  void allWhoStandInDoSoAtOnce() {
    for (int rank : new int[] {10, 11, 12}) {
      Rollout rollout = rollout(Waves.GROWING, 1_000, rank);
      for (int i = 0; i < 10; i++) {
        rollout.mark(name(rollout, i), i == 3 ? Mark.REFUSED : Mark.PROVED);
      }
      assertEquals(rank == 10 ? Verdict.MAY_ADOPT : Verdict.WAIT, rollout.verdict(), "" + rank);
    }
    for (int rank : new int[] {100, 105, 109}) {
      Rollout rollout = rollout(Waves.GROWING, 1_000, rank);
      for (int i = 0; i < 100; i++) {
        rollout.mark(name(rollout, i), i % 10 == 0 && i > 0 ? Mark.REFUSED : Mark.PROVED);
      }
      assertEquals(rank < 109 ? Verdict.MAY_ADOPT : Verdict.WAIT, rollout.verdict(), "" + rank);
    }
  }

  @Test
  void whoWasOfTheWaveAllAlongDoesNotWaitForAnotherThatRefused() {
    Rollout rollout = rollout(Waves.GROWING, 1_000, 9);
    rollout.mark(name(rollout, 3), Mark.REFUSED);
    assertEquals(Verdict.MAY_ADOPT, rollout.verdict());
  }

  @Test
  void whereFewerCanBeReachedThanAWaveTakesTheGatesOpenWhenAllOfThoseHaveProvedIt() {
    Rollout rollout = rollout(Waves.GROWING, 1_000, 900);
    for (int rank = 0; rank < 1_000; rank++) {
      if (rank != 900 && rank != 901) {
        rollout.mark(name(rollout, rank), Mark.ABSENT);
      }
    }
    assertEquals(Verdict.MAY_ADOPT, rollout.verdict());
    rollout.mark(name(rollout, 900), Mark.PROVED);
    assertEquals(Verdict.WAIT, rollout.verdict());
    assertEquals(1, rollout.wave());
    rollout.mark(name(rollout, 901), Mark.REFUSED);
    assertEquals(Verdict.COMPLETE, rollout.verdict());
    assertEquals(4, rollout.wave());
  }

  @Test
  void absenceAloneOpensNoGate() {
    Rollout rollout = rollout(Waves.GROWING, 3, 2);
    rollout.mark(name(rollout, 0), Mark.ABSENT);
    rollout.mark(name(rollout, 1), Mark.ABSENT);
    rollout.mark(name(rollout, 2), Mark.REFUSED);
    assertFalse(rollout.complete());
    assertEquals(1, rollout.wave());
    assertEquals(Verdict.WAIT, rollout.verdict());
  }

  @Test
  void aLoneMachineTriesForItself() {
    Rollout lone = rollout(Waves.GROWING, 1, 0);
    assertEquals(Verdict.MAY_ADOPT, lone.verdict());
    assertNull(lone.partner(new SplittableRandom(1)));
    assertTrue(lone.mark(name(lone, 0), Mark.PROVED));
    assertEquals(Verdict.COMPLETE, lone.verdict());
    Rollout refuses = rollout(Waves.GROWING, 1, 0);
    assertTrue(refuses.mark(name(lone, 0), Mark.REFUSED));
    assertEquals(Verdict.QUARANTINED, refuses.verdict());
  }

  @Test
  void ofTwoMachinesOneMayRefuseAndOneMayBeDown() {
    Rollout rollout = rollout(Waves.GROWING, 2, 0);
    rollout.mark(name(rollout, 0), Mark.REFUSED);
    assertEquals(Verdict.WAIT, rollout.verdict());
    rollout.mark(name(rollout, 1), Mark.PROVED);
    assertEquals(Verdict.COMPLETE, rollout.verdict());
    Rollout alone = rollout(Waves.GROWING, 2, 0);
    alone.mark(name(alone, 0), Mark.PROVED);
    assertEquals(Verdict.WAIT, alone.verdict());
    alone.mark(name(alone, 1), Mark.ABSENT);
    assertEquals(Verdict.COMPLETE, alone.verdict());
  }

  static Stream<Arguments> results() {
    return Stream.of(
        arguments(Waves.GROWING, 5, 0, 1, false),
        arguments(Waves.GROWING, 5, 0, 2, true),
        arguments(Waves.GROWING, 117, 8, 2, true),
        arguments(Waves.GROWING, 117, 9, 2, false),
        arguments(Waves.GROWING, 1_000, 300, 74, false),
        arguments(Waves.GROWING, 1_000, 300, 75, true),
        arguments(Waves.ONE, 117, 0, 1, false),
        arguments(Waves.ONE, 117, 4, 2, true),
        arguments(Waves.FORCED, 117, 0, 100, false));
  }

  @ParameterizedTest
  @MethodSource("results")
  void itIsStoppedWhenTwoAndAFifthOfThoseThatTriedRefuse(
      Waves plan, int machines, int proved, int refused, boolean stopped) {
    Rollout rollout = rollout(plan, machines, machines - 1);
    IntStream.range(0, proved).forEach(rank -> rollout.mark(name(rollout, rank), Mark.PROVED));
    for (int i = 0; i < refused; i++) {
      assertFalse(rollout.quarantined(), "after " + i);
      rollout.mark(name(rollout, proved + i), Mark.REFUSED);
    }
    assertEquals(stopped, rollout.quarantined());
    assertEquals(stopped, rollout.verdict() == Verdict.QUARANTINED);
  }

  @Test
  void aQuarantineSpreadsIsNotTakenBackAndSurvivesAChangeOfTheList() {
    Rollout stopped = rollout(Waves.GROWING, 20, 0);
    stopped.mark(name(stopped, 0), Mark.REFUSED);
    stopped.mark(name(stopped, 1), Mark.REFUSED);
    IntStream.range(2, 20).forEach(rank -> stopped.mark(name(stopped, rank), Mark.PROVED));
    assertEquals(Verdict.QUARANTINED, stopped.verdict());
    assertFalse(stopped.complete());

    Rollout other = rollout(Waves.GROWING, 20, 5);
    IntStream.range(2, 20).forEach(rank -> other.mark(name(stopped, rank), Mark.PROVED));
    assertTrue(pass(stopped, other));
    assertEquals(Verdict.QUARANTINED, other.verdict());
    assertEquals(2, other.refused());
    assertEquals(
        Verdict.QUARANTINED,
        other.withOrder(new WaveOrder(RELEASE, names(30), "list of 30")).verdict());

    Rollout forced = rollout(Waves.FORCED, 20, 5);
    pass(stopped, forced);
    assertFalse(forced.quarantined());
    assertTrue(forced.complete());
  }

  @Test
  void aViewThatMissedTheGatesDoesNotJudgeByTheRefusalsAloneThatItKnows() {
    Rollout anew = rollout(Waves.GROWING, 1_000, 0);
    anew.mark(name(anew, 300), Mark.REFUSED);
    anew.mark(name(anew, 301), Mark.REFUSED);
    assertFalse(anew.quarantined(), "machine 300 got its turn because 100 had proved it");
    IntStream.range(310, 333).forEach(rank -> anew.mark(name(anew, rank), Mark.REFUSED));
    assertTrue(anew.quarantined(), "25 of 125");
  }

  @Test
  void theStrongerMarkWins() {
    Mark[] all = Mark.values();
    for (Mark held : all) {
      for (Mark heard : all) {
        Rollout rollout = rollout(Waves.FORCED, 10, 9);
        Rollout other = rollout(Waves.FORCED, 10, 8);
        rollout.mark(name(rollout, 4), held);
        other.mark(name(rollout, 4), heard);
        Mark stronger = held.compareTo(heard) >= 0 ? held : heard;
        assertEquals(heard.compareTo(held) > 0, pass(other, rollout));
        assertEquals(stronger, rollout.markOf(name(rollout, 4)));
        rollout.mark(name(rollout, 4), heard);
        assertEquals(stronger, rollout.markOf(name(rollout, 4)));
      }
    }
  }

  @Test
  void anAbsentMachineThatIsBackMayAdoptInItsTurnAndNobodyWaitsForIt() {
    Rollout other = rollout(Waves.GROWING, 10, 2);
    other.mark(name(other, 0), Mark.ABSENT);
    Rollout back = rollout(Waves.GROWING, 10, 0);
    pass(other, back);
    assertEquals(Mark.UNKNOWN, back.markOf(name(back, 0)), "it is here, whatever they say");
    assertEquals(Verdict.MAY_ADOPT, back.verdict());
    assertFalse(back.mark(name(back, 0), Mark.ABSENT));
    assertEquals(List.of(name(other, 1)), other.awaited());
    back.mark(name(back, 0), Mark.PROVED);
    pass(back, other);
    assertEquals(Mark.PROVED, other.markOf(name(other, 0)));
  }

  @Test
  void stragglersAreNamedAndSkippedForGood() {
    Rollout rollout = rollout(Waves.GROWING, 4, 2);
    pass(rollout(Waves.GROWING, 4, 0), rollout);
    assertEquals(List.of(name(rollout, 0), name(rollout, 1)), rollout.awaited());
    rollout.mark(name(rollout, 1), Mark.PROVED);
    assertEquals(List.of(name(rollout, 0)), rollout.awaited());
    assertTrue(rollout.skipAwaited());
    assertFalse(rollout.skipAwaited(), "itself is left, and does not skip itself");
    assertEquals(Verdict.MAY_ADOPT, rollout.verdict());
    pass(rollout(Waves.GROWING, 4, 0), rollout);
    assertEquals(Mark.ABSENT, rollout.markOf(name(rollout, 0)), "it answers, but does nothing");
    assertEquals(1, rollout.absent());
    Rollout other = rollout(Waves.GROWING, 4, 3);
    pass(rollout, other);
    assertEquals(Mark.UNKNOWN, other.markOf(name(rollout, 0)), "others have clocks of their own");
    Rollout moved = rollout.withOrder(new WaveOrder(RELEASE, names(5), "list of 5"));
    moved.merge(name(rollout, 0), "list of 5", new byte[0]);
    assertEquals(Mark.ABSENT, moved.markOf(name(rollout, 0)));
    assertTrue(moved.mark(name(rollout, 0), Mark.PROVED), "it may still prove it");
    assertEquals(0, moved.absent());
  }

  @Test
  void theAbsencesOfAnotherPartAreNotBelieved() {
    Rollout small = rollout(Waves.GROWING, 100, 0);
    small.mark(name(small, 0), Mark.PROVED);
    IntStream.range(1, 100).forEach(rank -> small.mark(name(small, rank), Mark.ABSENT));
    assertTrue(small.complete());

    Rollout large = rollout(Waves.GROWING, 100, 50);
    assertTrue(pass(small, large));
    assertEquals(0, large.absent(), "this one itself is said to be absent");
    assertEquals(1, large.proved());
    for (int rank = 40; rank < 50; rank++) {
      large.merge(name(large, rank), "list of 100", new byte[0]);
    }
    Rollout told = rollout(Waves.GROWING, 100, 0);
    IntStream.range(1, 50).forEach(rank -> told.mark(name(told, rank), Mark.ABSENT));
    pass(told, large);
    assertEquals(0, large.absent(), "it has met ten of those");
  }

  @Test
  void whoMeetsManyThatItHeldForAbsentForgetsTheAbsences() {
    Rollout small = rollout(Waves.GROWING, 100, 0);
    IntStream.range(1, 6).forEach(rank -> pass(rollout(Waves.GROWING, 100, rank), small));
    IntStream.range(10, 90).forEach(rank -> small.mark(name(small, rank), Mark.ABSENT));
    pass(rollout(Waves.GROWING, 100, 10), small);
    assertEquals(80, small.absent(), "one of seven may just have come back");
    pass(rollout(Waves.GROWING, 100, 11), small);
    assertEquals(80, small.absent());
    assertTrue(small.merge(name(small, 12), "another list", new byte[0]));
    assertEquals(0, small.absent());
  }

  @Test
  void whoIsFoundAbsentNoLongerCountsAsMet() {
    Rollout rollout = rollout(Waves.GROWING, 100, 0);
    IntStream.range(10, 20).forEach(rank -> pass(rollout(Waves.GROWING, 100, rank), rollout));
    IntStream.range(10, 20).forEach(rank -> rollout.mark(name(rollout, rank), Mark.ABSENT));
    pass(rollout(Waves.GROWING, 100, 30), rollout);
    assertEquals(10, rollout.absent());
  }

  @Test
  void anotherListsMarksAndMalformedOnesAreIgnored() {
    Rollout rollout = rollout(Waves.GROWING, 100, 0);
    Rollout other = rollout(Waves.GROWING, 100, 1);
    other.mark(name(other, 1), Mark.PROVED);
    String from = name(other, 1);
    assertFalse(rollout.merge(from, "another list", other.marks()));
    assertFalse(rollout.merge(from, "list of 100", new byte[25]));
    byte[] tooMany = new byte[26];
    tooMany[12] = (byte) 0x80;
    assertFalse(rollout.merge(from, "list of 100", tooMany));
    assertEquals(0, rollout.proved());
    assertTrue(rollout.merge("stranger", "list of 100", other.marks()));
  }

  @Test
  void aChangeOfTheListKeepsTheMarksByName() {
    Rollout rollout = rollout(Waves.GROWING, 10, 0);
    rollout.mark("m1", Mark.PROVED);
    rollout.mark("m2", Mark.REFUSED);
    rollout.mark("m3", Mark.ABSENT);
    List<String> names = new ArrayList<>(names(200));
    names.remove("m2");
    Rollout grown = rollout.withOrder(new WaveOrder(RELEASE, names, "other"));
    assertEquals(List.of(1, 0, 1), List.of(grown.proved(), grown.refused(), grown.absent()));
    assertEquals(Mark.PROVED, grown.markOf("m1"));
    assertEquals(Mark.ABSENT, grown.markOf("m3"));
    assertEquals(Mark.UNKNOWN, grown.markOf("m2"));
  }

  @Test
  void aMachineThatIsAddedIsWaitedForAndOneThatIsRemovedIsNot() {
    Rollout rollout = rollout(Waves.GROWING, 5, 0);
    names(5).forEach(name -> rollout.mark(name, Mark.PROVED));
    Rollout grown = rollout.withOrder(new WaveOrder(RELEASE, names(6), "list of 6"));
    assertFalse(grown.complete());
    assertEquals(3, grown.wave());
    assertEquals(List.of("m5"), grown.awaited());
    Rollout shrunk = grown.withOrder(new WaveOrder(RELEASE, names(4), "list of 4"));
    assertTrue(shrunk.complete());
    String self = rollout.order().name(0);
    Rollout without =
        rollout.withOrder(
            new WaveOrder(RELEASE, names(5).stream().filter(n -> !n.equals(self)).toList(), "-"));
    assertEquals(Verdict.COMPLETE, without.verdict());
    Rollout stranger = new Rollout(rollout.order(), Waves.ONE, "stranger");
    assertEquals(Verdict.WAIT, stranger.verdict());
  }

  @Test
  void whatWasKnownIsTakenInAgainAfterAStart() {
    Rollout before = rollout(Waves.GROWING, 100, 0);
    before.mark(name(before, 0), Mark.PROVED);
    IntStream.range(1, 90).forEach(rank -> before.mark(name(before, rank), Mark.ABSENT));
    Rollout after = rollout(Waves.GROWING, 100, 0);
    after.merge(name(after, 0), "list of 100", before.marks());
    assertArrayEquals(before.marks(), after.marks());
    assertEquals(89, after.absent());
  }

  @Test
  void marksTakeTwoBitsAMachineAndNothingWhenThereIsNothingToTell() {
    Rollout rollout = rollout(Waves.GROWING, 15_000, 0);
    assertEquals(0, rollout.marks().length);
    rollout.mark(name(rollout, 14_999), Mark.REFUSED);
    assertEquals(3_752, rollout.marks().length);
    assertEquals(1, rollout.refused());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void mergingIsCommutativeAssociativeAndIdempotent(long seed) {
    Marks a = random(seed);
    Marks b = random(seed + 100);
    Marks c = random(seed + 200);
    assertArrayEquals(bytes(join(a, b)), bytes(join(b, a)));
    assertArrayEquals(bytes(join(join(a, b), c)), bytes(join(a, join(b, c))));
    assertArrayEquals(bytes(a), bytes(join(a, a)));
    assertFalse(copy(a).join(a));
    assertFalse(join(a, b).join(a));
    for (int rank = 0; rank < SIZE; rank++) {
      Mark stronger = a.of(rank).compareTo(b.of(rank)) > 0 ? a.of(rank) : b.of(rank);
      assertEquals(stronger, join(a, b).of(rank));
    }
  }

  @Test
  void exchangesGoToAllOthersAlikeAndSeldomToAbsentOnes() {
    Rollout rollout = rollout(Waves.GROWING, 5, 0);
    SplittableRandom random = new SplittableRandom(1);
    int[] drawn = partners(rollout, random);
    assertEquals(0, drawn[0]);
    IntStream.range(1, 5).forEach(rank -> assertEquals(1_000, drawn[rank], 120));
    rollout.mark(name(rollout, 3), Mark.ABSENT);
    int[] fewer = partners(rollout, random);
    assertEquals(125, fewer[3], 40);
    IntStream.of(1, 2, 4).forEach(rank -> assertEquals(1_290, fewer[rank], 140));
    IntStream.range(1, 5).forEach(rank -> rollout.mark(name(rollout, rank), Mark.ABSENT));
    int[] allAbsent = partners(rollout, random);
    assertEquals(0, allAbsent[0]);
    IntStream.range(1, 5).forEach(rank -> assertEquals(1_000, allAbsent[rank], 120));
  }

  private static int[] partners(Rollout rollout, SplittableRandom random) {
    int[] drawn = new int[rollout.order().size()];
    for (int i = 0; i < 4_000; i++) {
      drawn[rollout.order().rankOf(rollout.partner(random))]++;
    }
    return drawn;
  }

  private static final int SIZE = 77;

  private static Marks random(long seed) {
    Random random = new Random(seed);
    Marks marks = new Marks(SIZE);
    for (int rank = 0; rank < SIZE; rank++) {
      marks.raise(rank, Mark.values()[random.nextInt(4)]);
    }
    return marks;
  }

  private static Marks join(Marks one, Marks other) {
    Marks both = copy(one);
    both.join(other);
    return both;
  }

  private static Marks copy(Marks marks) {
    return Marks.ofBytes(bytes(marks), SIZE);
  }

  private static byte[] bytes(Marks marks) {
    return marks.toBytes();
  }

  private static boolean pass(Rollout from, Rollout to) {
    return to.merge(from.self(), from.order().listHash(), from.marks());
  }

  private static Rollout rollout(Waves plan, int machines, int rank) {
    WaveOrder order = new WaveOrder(RELEASE, names(machines), "list of " + machines);
    return new Rollout(order, plan, order.name(rank));
  }

  private static String name(Rollout rollout, int rank) {
    return rollout.order().name(rank);
  }

  private static List<String> ranked(WaveOrder order) {
    return IntStream.range(0, order.size()).mapToObj(order::name).toList();
  }

  private static List<String> names(int machines) {
    return IntStream.range(0, machines).mapToObj(i -> "m" + i).toList();
  }
}
