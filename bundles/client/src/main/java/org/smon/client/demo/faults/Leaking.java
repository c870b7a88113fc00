// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A component that holds 8 MB more each second: a peer's heap of 64 MB is full after some four. It
 * lets go when it is deactivated, as its class loader does too.
 */
public final class Leaking {
  private static final int BYTES = 1 << 20;
  private static final long PAUSE_NANOS = 125_000_000;

  private final List<byte[]> held = new ArrayList<>();
  private volatile Thread leak;

  public Leaking() {}

  public void activate() {
    Thread thread = new Thread(this::run, "leak");
    thread.setDaemon(true);
    leak = thread;
    thread.start();
  }

  public void deactivate() {
    leak = null;
  }

  private void run() {
    while (leak == Thread.currentThread()) {
      try {
        held.add(new byte[BYTES]);
      } catch (OutOfMemoryError e) {
        // It stays at the limit: that is the fault.
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    held.clear();
  }
}
