// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

/**
 * An authentication agent as far as visits depend on it: it keeps documents, hands newer ones back,
 * and lets nobody log in who holds older ones, while livetag is false, or to a machine that is not
 * in the list.
 */
final class VirtualAgent {
  private final int at;
  private Shelf shelf;
  private boolean up = true;

  /**
   * @param at the machine, by index, behind whose part of the network it stands
   */
  VirtualAgent(int at, Shelf shelf) {
    this.at = at;
    this.shelf = shelf;
  }

  int at() {
    return at;
  }

  boolean isUp() {
    return up;
  }

  void up(boolean now) {
    up = now;
  }

  Shelf shelf() {
    return shelf;
  }

  void take(Shelf offered) {
    shelf = shelf.with(offered);
  }

  boolean permits(VirtualMachine machine) {
    return shelf.maintains() && shelf.list().lists(machine.entry());
  }
}
