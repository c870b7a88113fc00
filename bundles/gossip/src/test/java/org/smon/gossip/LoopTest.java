// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LoopTest {
  private final Loop loop = new Loop();

  @Test
  void closeWaitsForTheStepThatRunsAndDoesNotInterruptIt() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<String> end = new AtomicReference<>("none");
    loop.run(
        () -> {
          begun.countDown();
          try {
            TimeUnit.MILLISECONDS.sleep(100);
            end.set("whole");
          } catch (InterruptedException e) {
            end.set("interrupted");
          }
        });
    begun.await();
    loop.close();
    assertEquals("whole", end.get());
  }

  @Test
  void afterCloseNothingRuns() {
    AtomicReference<String> ran = new AtomicReference<>("nothing");
    loop.at(Loop.now() + 20, () -> ran.set("what was due later"));
    loop.close();
    loop.run(() -> ran.set("what came late"));
    assertEquals("nothing", ran.get());
  }
}
