// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.EnumMap;
import java.util.Map;
import org.smon.api.DocumentType;

/**
 * What must hold at every step, checked where it could break; a breach ends the run. That a machine
 * never has two peers, and no claim two holders, {@link VirtualMachine} sees to.
 */
final class Invariants {
  private final World world;
  private final Map<DocumentType, Edition> acknowledged = new EnumMap<>(DocumentType.class);
  private boolean shutDown;

  Invariants(World world) {
    this.world = world;
  }

  /** Versions never fall, on any disk. */
  void kept(VirtualMachine machine, Shelf newer) {
    for (DocumentType type : DocumentType.values()) {
      Edition before = machine.disk().of(type);
      Edition after = newer.of(type);
      boolean fell = before != null && (after == null || !after.supersedes(before));
      if (before != after && fell) {
        fail("%s fell from %s to %s".formatted(machine.name(), before, after));
      }
    }
  }

  /** Nobody is revived by one who should know better, and nobody after a shutdown (T3). */
  void startedByVisit(VirtualMachine machine, VirtualPeer deployer) {
    String what = deployer.machine().name() + " started a peer on " + machine.name();
    require(deployer.shelf().maintains(), what + " although its livetag is false");
    require(machine.disk().maintains(), what + " although livetag is false there");
    require(!deployer.shelf().lacks(machine.disk()), what + " although newer documents are there");
    require(deployer.shelf().list().lists(machine.entry()), what + ", which is not in its list");
    require(!shutDown, what + " after the shutdown was complete");
  }

  /** Held by three disks: from now on it must survive. */
  void acknowledged(Edition edition) {
    Edition before = acknowledged.get(edition.type());
    if (before == null || edition.supersedes(before)) {
      acknowledged.put(edition.type(), edition);
    }
    survived();
  }

  /** Asked whenever a disk is lost: each acknowledged change, or a newer one, is on some disk. */
  void survived() {
    acknowledged
        .values()
        .forEach(
            edition ->
                require(
                    world.machines().stream().anyMatch(machine -> has(machine, edition)),
                    "no disk holds " + edition + ", which was acknowledged"));
  }

  static boolean has(VirtualMachine machine, Edition edition) {
    Edition held = machine.disk().of(edition.type());
    return held != null && !edition.supersedes(held);
  }

  /** From now on nobody may revive a peer, until {@link #shutDown} is taken back. */
  void shutDown(boolean complete) {
    shutDown = complete;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      fail(otherwise);
    }
  }

  private static void fail(String breach) {
    throw new IllegalStateException("invariant broken: " + breach);
  }
}
