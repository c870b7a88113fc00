// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import org.smon.api.Machine;

/** A machine: what survives on its disk, what runs on it, and what was done to it. */
final class VirtualMachine {
  private final int index;
  private final Machine entry;
  private final boolean slow;

  private boolean up = true;
  private boolean installed;
  private double partialCopy;
  private VirtualPeer peer;
  private Object claim;
  private int boots;

  private int copies;
  private int attempts;
  private int deployments;
  private long firstPeerMillis = -1;

  VirtualMachine(int index, Machine entry, boolean slow) {
    this.index = index;
    this.entry = entry;
    this.slow = slow;
  }

  int index() {
    return index;
  }

  Machine entry() {
    return entry;
  }

  boolean isSlow() {
    return slow;
  }

  boolean isUp() {
    return up;
  }

  boolean isInstalled() {
    return installed;
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

  void crash() {
    if (peer != null) {
      peer.die();
    }
    peer = null;
    claim = null;
    up = false;
    boots++;
  }

  void wipe() {
    installed = false;
    partialCopy = 0;
  }

  void boot() {
    up = true;
  }
}
