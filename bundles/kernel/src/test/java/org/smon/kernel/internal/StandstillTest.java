// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A thread that hangs is told from one that goes on, and from one that is not let. */
class StandstillTest {
  private static final String NAME = "standstill-test-";
  private static final long LONG_AGO = TimeUnit.SECONDS.toNanos(60);
  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicBoolean over = new AtomicBoolean();
  private Thread thread;

  @AfterEach
  void end() throws InterruptedException {
    over.set(true);
    never.countDown();
    thread.join();
  }

  private void run(Runnable task) {
    thread = new Thread(task, NAME + 1);
    thread.start();
  }

  private void waits() {
    try {
      never.await();
    } catch (InterruptedException e) {
      over.set(true);
    }
  }

  private void await(Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whoWaitsLongerThanThePatienceHangs() {
    run(this::waits);
    await(Thread.State.WAITING);
    assertTrue(new Standstill(NAME).lasts(System.nanoTime() - LONG_AGO, 5_000));
  }

  @Test
  void whoMovedJustNowDoesNotHang() {
    run(this::waits);
    await(Thread.State.WAITING);
    assertFalse(new Standstill(NAME).lasts(System.nanoTime(), 60_000));
  }

  @Test
  void whoWantsToRunAndHasHadNoTimeYetIsStarvedAndDoesNotHang() {
    run(
        () -> {
          while (!over.get()) {
            Thread.onSpinWait();
          }
        });
    await(Thread.State.RUNNABLE);
    assertFalse(new Standstill(NAME).lasts(System.nanoTime() - LONG_AGO, 50_000));
  }

  @Test
  void whoSpinsForAsLongAsThePatienceHangs() {
    run(
        () -> {
          while (!over.get()) {
            Thread.onSpinWait();
          }
        });
    Standstill standstill = new Standstill(NAME);
    long moved = System.nanoTime();
    boolean lasts = false;
    while (!lasts) { // ends when the thread has got 20 ms of the processor
      lasts = standstill.lasts(moved, 20);
    }
    assertTrue(lasts);
  }

  @Test
  void whoIsInterruptedGoesOn() throws InterruptedException {
    run(this::waits);
    await(Thread.State.WAITING);
    new Standstill(NAME).interrupt();
    thread.join();
    assertTrue(over.get());
  }
}
