// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

/**
 * Pings the next machine of the share while the visit before it runs: one that answers needs no
 * login, and the wait costs nothing.
 */
final class HeadCheck {
  private enum State {
    PENDING,
    SILENT,
    ALIVE
  }

  private final Self self;
  private String machine;
  private State state;

  HeadCheck(Self self) {
    this.self = self;
  }

  void check(String next) {
    if (!next.equals(machine)) {
      machine = next;
      state = State.PENDING;
      self.ping(next);
    }
  }

  void alive(String heard) {
    if (heard.equals(machine)) {
      state = State.ALIVE;
    }
  }

  /** True if this was the machine being checked. */
  boolean silent(String lost) {
    boolean mine = lost.equals(machine) && state == State.PENDING;
    if (mine) {
      state = State.SILENT;
    }
    return mine;
  }

  boolean isPending(String name) {
    return name.equals(machine) && state == State.PENDING;
  }

  boolean isAlive(String name) {
    return name.equals(machine) && state == State.ALIVE;
  }
}
