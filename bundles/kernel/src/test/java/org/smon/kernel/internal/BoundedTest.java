// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Code on trial may hang, throw, or lie; whoever asks it goes on all the same. */
class BoundedTest {
  private static String refusal(long patienceMillis, java.util.concurrent.Callable<?> question) {
    return assertThrows(Refusal.class, () -> Bounded.ask("its report", patienceMillis, question))
        .getMessage();
  }

  @Test
  void anAnswerIsHandedOn() throws Refusal {
    assertEquals(7, Bounded.ask("its report", 60_000, () -> 7));
  }

  @Test
  void whoDoesNotAnswerIsRefusedAndInterrupted() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    String told =
        refusal(
            20,
            () -> {
              try {
                return new CountDownLatch(1).getCount() + waitForever();
              } finally {
                interrupted.countDown();
              }
            });
    assertEquals("its report does not end within 20 ms", told);
    interrupted.await();
  }

  private static long waitForever() throws InterruptedException {
    new CountDownLatch(1).await();
    return 0;
  }

  @Test
  void whatIsThrownIsToldInOneLine() {
    assertEquals(
        "its report failed: boom",
        refusal(
            60_000,
            () -> {
              throw new IllegalStateException(
                  "wrapped", new IllegalStateException("boom\nand more"));
            }));
    assertEquals(
        "its report failed: java.lang.StackOverflowError",
        refusal(
            60_000,
            () -> {
              throw new StackOverflowError();
            }));
  }
}
