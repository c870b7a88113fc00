// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Event;

/** A peer whose port hangs for good is not taken for alive, though its protocol runs (R13). */
@Timeout(60)
class DeadlockTest {
  private final ReentrantLock one = new ReentrantLock();
  private final ReentrantLock other = new ReentrantLock();
  private final CyclicBarrier bothHoldOne = new CyclicBarrier(2);
  private final World.Log log = new World.Log("m0");
  private List<Thread> stuck = List.of();

  @TempDir Path root;

  @AfterEach
  void release() throws InterruptedException {
    stuck.forEach(Thread::interrupt);
    for (Thread thread : stuck) {
      thread.join();
    }
  }

  @Test
  void theHeartStandsStillWhileThreadsOfThePeerAreDeadlockedAndWhyIsToldOnce() throws Exception {
    World.Here here = new World.Here("m0", "ab", root, 7, World.AT);
    FirstAnswer heart = new FirstAnswer(here, null, null, new Heartbeat(here), log, null);
    Path heartbeat = root.resolve("state/heartbeat");
    deadlock("smon-listener-1", "smon-listener-2");
    LivetagSpread.await(() -> Deadlock.found().isPresent());
    heart.beat();
    heart.beat();
    assertFalse(Files.exists(heartbeat), "it beats");
    List<Event> told = log.query("m0", null, 10);
    assertEquals(List.of("deadlock"), told.stream().map(Event::kind).toList());
    String cause = told.get(0).cause();
    assertTrue(cause.contains("smon-listener-1 waits for smon-listener-2"), cause);
    release();
    heart.beat();
    assertTrue(Files.exists(heartbeat), "it does not beat again");
  }

  @Test
  void whatAnApplicationInThisProcessDoesToItselfStopsNoPeer() {
    deadlock("theirs-1", "theirs-2");
    LivetagSpread.await(
        () -> stuck.stream().allMatch(t -> t.getState() == Thread.State.WAITING) && bothWait());
    assertEquals(Optional.empty(), Deadlock.found());
  }

  private boolean bothWait() {
    return one.hasQueuedThreads() && other.hasQueuedThreads();
  }

  private void deadlock(String first, String second) {
    stuck = List.of(locking(first, one, other), locking(second, other, one));
    stuck.forEach(Thread::start);
  }

  private Thread locking(String name, ReentrantLock first, ReentrantLock then) {
    Thread thread =
        new Thread(
            () -> {
              first.lock();
              try {
                bothHoldOne.await();
                then.lockInterruptibly();
                then.unlock();
              } catch (InterruptedException | BrokenBarrierException e) {
                return; // the test is over
              } finally {
                first.unlock();
              }
            },
            name);
    thread.setDaemon(true);
    return thread;
  }
}
