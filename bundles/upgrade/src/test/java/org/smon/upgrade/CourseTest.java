// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.Release.Plan;
import org.smon.api.Release.Waves;
import org.smon.core.Rollout.Mark;
import org.smon.core.Rollout.Verdict;

/** How long a machine is waited for, by a clock that the test turns (R23). */
class CourseTest {
  @TempDir private Path temp;
  private Bench bench;
  private Document next;

  @BeforeEach
  void publish() throws IOException {
    bench = new Bench(temp);
    bench.installed("1.0.0");
    next = bench.published(Bench.release("1.0.1").withPlan(new Plan(Waves.ONE, 5)));
  }

  private Course course(boolean restarts) {
    return new Course(next, bench.documents, Bench.SELF, restarts, 0);
  }

  /** With both others silent the release is complete once this machine alone has proved it. */
  private static boolean waits(Course course) {
    course.mark(Mark.PROVED);
    return course.verdict() == Verdict.WAIT;
  }

  private static void silent(Course course, long... atMillis) {
    for (long at : atMillis) {
      course.exchanged("b.example", false, at);
      course.exchanged("c.example", false, at);
    }
  }

  @Test
  void aLostAnswerMakesNobodyAbsent() {
    Course course = course(false);
    silent(course, 60_000);
    assertTrue(waits(course));
  }

  @Test
  void aProcessThatIsReplacedIsWaitedFor() {
    Course course = course(false);
    silent(course, 0, 1_000, 20_000, 44_999);
    assertTrue(waits(course));
  }

  @Test
  void whoIsSilentForLongerIsNotWaitedFor() {
    Course course = course(false);
    silent(course, 0, 45_000);
    assertEquals(false, waits(course));
    assertTrue(course.complete());
  }

  @Test
  void anyAnswerBeginsTheTimeAnew() {
    Course course = course(false);
    silent(course, 0);
    course.exchanged("b.example", true, 30_000);
    course.exchanged("c.example", true, 30_000);
    silent(course, 46_000, 60_000);
    assertTrue(waits(course));
  }

  @Test
  void aReleaseThatRestartsEverybodyTakesMorePatience() {
    Course course = course(true);
    silent(course, 0, 60_000, 124_999);
    assertTrue(waits(course));
    silent(course, 125_000);
    assertEquals(false, waits(course));
  }

  @Test
  void aWaveInWhichNothingMovesIsNotWaitedFor() {
    Course course = course(false);
    course.lookAtClock(0);
    assertTrue(waits(course));
    course.lookAtClock(1_000); // something has moved
    course.lookAtClock(101_000);
    assertTrue(waits(course));
    course.lookAtClock(101_001);
    assertEquals(false, waits(course));
  }

  @Test
  void whoWasSilentIsAskedAgainAtTheNextLook() {
    Course course = course(false);
    course.exchanged("b.example", false, 0);
    for (int i = 0; i < 20; i++) {
      List<String> partners = course.partners(new Random(i));
      assertTrue(partners.contains("b.example"), partners.toString());
      assertTrue(!partners.contains(Bench.SELF), partners.toString());
    }
  }
}
