// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LoopTest {
  private final Loop loop = new Loop();

  @Test
  void closeWaitsForTheStepThatRunsAndDoesNotInterruptIt() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<String> end = new AtomicReference<>("none");
    Thread closing = Thread.currentThread();
    loop.run(
        () -> {
          begun.countDown();
          while (closing.getState() != Thread.State.TIMED_WAITING) { // as it is within close alone
            Thread.onSpinWait();
          }
          end.set(Thread.interrupted() ? "interrupted" : "whole");
        });
    begun.await();
    loop.close();
    assertEquals("whole", end.get());
  }

  @Test
  void afterCloseNothingRuns() {
    AtomicReference<String> ran = new AtomicReference<>("nothing");
    Future<?> later = loop.at(Loop.now() + 3_600_000, () -> ran.set("what was due later"));
    loop.close();
    assertTrue(later.isCancelled());
    assertTrue(loop.at(0, () -> ran.set("what came late")).isDone());
    assertEquals("nothing", ran.get());
  }
}
