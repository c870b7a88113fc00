// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestTest {
  private static final int LONG_ENOUGH_SECONDS = 20;

  private final Semaphore rests = new Semaphore(0);

  @Test
  void restsOnceAfterTheLastOfSeveralVisits() throws Exception {
    try (Rest rest = new Rest(rests::release, 50)) {
      rest.begin();
      rest.begin();
      rest.end();
      assertFalse(rests.tryAcquire(200, TimeUnit.MILLISECONDS), "one visit is still running");
      rest.end();
      assertTrue(rests.tryAcquire(LONG_ENOUGH_SECONDS, TimeUnit.SECONDS));
      assertEquals(0, rests.availablePermits());
    }
  }

  @Test
  void aVisitThatBeginsInTimePutsTheRestOff() throws Exception {
    try (Rest rest = new Rest(rests::release, 100)) {
      synchronized (rest) { // however long this thread may stand still, the next one is in time
        rest.begin();
        rest.end();
        rest.begin();
      }
      assertFalse(rests.tryAcquire(300, TimeUnit.MILLISECONDS));
      rest.end();
      assertTrue(rests.tryAcquire(LONG_ENOUGH_SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void aVisitMayStillEndAfterTheClose() {
    Rest rest = new Rest(rests::release, 0);
    rest.begin();
    rest.close();
    rest.end();
    assertEquals(0, rests.availablePermits());
  }
}
