// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import org.smon.api.Machine;

/** A machine: what survives on its disk, what runs on it, and what was done to it. */
final class VirtualMachine {
  private final int index;
  private final Machine entry;
  private final boolean slow;
  private final Starvation starvation;

  private boolean up = true;
  private boolean installed;
  private boolean diskFull;
  private boolean gossipClosed;
  private long frozenSince = -1;
  private double partialCopy;
  private Shelf disk = Shelf.EMPTY;
  private VirtualPeer peer;
  private Object claim;
  private int boots;

  private int copies;
  private int attempts;
  private int deployments;
  private long firstPeerMillis = -1;

  /**
   * @param starvation null for a machine whose peer always gets the processor
   */
  VirtualMachine(int index, Machine entry, boolean slow, Starvation starvation) {
    this.index = index;
    this.entry = entry;
    this.slow = slow;
    this.starvation = starvation;
  }

  int index() {
    return index;
  }

  Machine entry() {
    return entry;
  }

  String name() {
    return entry.name();
  }

  boolean isSlow() {
    return slow;
  }

  boolean isStarved() {
    return starvation != null;
  }

  boolean isUp() {
    return up;
  }

  boolean isInstalled() {
    return installed;
  }

  boolean isDiskFull() {
    return diskFull;
  }

  void diskFull(boolean now) {
    diskFull = now;
  }

  /** True while the overlay's port is closed by a firewall that leaves ssh open. */
  boolean isGossipClosed() {
    return gossipClosed;
  }

  void gossipClosed(boolean now) {
    gossipClosed = now;
  }

  boolean isFrozen() {
    return frozenSince >= 0;
  }

  /** For how long the heart has not beaten. */
  long frozenMillis(long now) {
    return isFrozen() ? now - frozenSince : 0;
  }

  void freeze(long now) {
    frozenSince = now;
  }

  void thaw() {
    frozenSince = -1;
    if (peer != null) {
      peer.goOn();
    }
  }

  /** When the peer gets the processor, now or later; Long.MAX_VALUE while it is frozen. */
  long runsAgainAt(long now) {
    if (isFrozen()) {
      return Long.MAX_VALUE;
    }
    return starvation == null ? now : starvation.runsAgainAt(now);
  }

  /** The documents on its disk. */
  Shelf disk() {
    return disk;
  }

  void keep(Shelf newer) {
    disk = newer;
  }

  VirtualPeer peer() {
    return peer;
  }

  boolean lives() {
    return peer != null;
  }

  /** Tells one life of the machine from the next. */
  int boots() {
    return boots;
  }

  int copies() {
    return copies;
  }

  int attempts() {
    return attempts;
  }

  /** -1 if it never had a peer. */
  long firstPeerMillis() {
    return firstPeerMillis;
  }

  void attempted() {
    attempts++;
  }

  /** The number of the deployment that starts now. */
  int nextDeployment() {
    return deployments++;
  }

  boolean isClaimed() {
    return claim != null;
  }

  void claim(Object holder) {
    if (claim != null) {
      throw new IllegalStateException(entry.name() + " is claimed twice");
    }
    claim = holder;
  }

  void release(Object holder) {
    claim = claim == holder ? null : claim;
  }

  double partialCopy() {
    return partialCopy;
  }

  /** A payload starts to arrive; going on with a broken one is not a new copy. */
  void copyStarted() {
    copies += partialCopy > 0 ? 0 : 1;
  }

  void copied(double fraction) {
    partialCopy = fraction;
  }

  /** As {@link #copyStarted}, where nothing can be resumed. */
  void copiedAfresh() {
    copies++;
  }

  void installed() {
    installed = true;
    partialCopy = 0;
  }

  void started(VirtualPeer newPeer, long now) {
    if (peer != null) {
      throw new IllegalStateException("two peers on " + entry.name());
    }
    peer = newPeer;
    firstPeerMillis = firstPeerMillis < 0 ? now : firstPeerMillis;
  }

  /** The peer's process ends, for whatever reason. */
  void peerEnded() {
    if (peer != null) {
      peer.die();
    }
    peer = null;
    frozenSince = -1;
  }

  void crash() {
    peerEnded();
    claim = null;
    up = false;
    boots++;
  }

  void wipe() {
    installed = false;
    diskFull = false;
    partialCopy = 0;
    disk = Shelf.EMPTY;
  }

  void boot() {
    up = true;
  }
}
