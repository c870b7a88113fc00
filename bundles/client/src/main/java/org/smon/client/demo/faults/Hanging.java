// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo.faults;

import java.util.concurrent.locks.LockSupport;

/** A component whose activation never returns and cannot be interrupted. */
public final class Hanging {
  private static final long PAUSE_NANOS = 1_000_000_000;

  public Hanging() {}

  public void activate() {
    while (true) {
      LockSupport.parkNanos(PAUSE_NANOS);
      Thread.interrupted(); // swallowed, as code does that was not written with care
    }
  }
}
