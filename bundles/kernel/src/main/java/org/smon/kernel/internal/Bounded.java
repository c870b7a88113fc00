// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks code that is on trial, which may do anything, within a time. */
final class Bounded {
  private Bounded() {}

  /**
   * @param what for the refusal, such as "its rehearsal"
   */
  static <T> T ask(String what, long patienceMillis, Callable<T> question) throws Refusal {
    FutureTask<T> task = new FutureTask<>(question);
    Thread thread = new Thread(task, "smon-trial");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(patienceMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new Refusal(what + " does not end within " + patienceMillis + " ms");
    } catch (ExecutionException e) {
      throw new Refusal(what + " failed: " + FeatureSwap.told(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("the trial was interrupted");
    }
  }
}
