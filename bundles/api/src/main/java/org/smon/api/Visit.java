// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

/**
 * What a deployer is asked to do about a machine.
 *
 * @param deployedBy the name of the machine whose peer does it, or "client"
 * @param share the work to hand to a peer newly deployed there, or null
 */
public record Visit(Machine machine, String deployedBy, Work share, Purpose purpose) {
  /** Why somebody logs in. */
  public enum Purpose {
    /** To see that a peer runs there (R3, R6). */
    PEER,
    /** To remove every trace of the overlay from a machine that the list does not name any more. */
    CLEAN
  }

  /** A visit that sees that a peer runs there. */
  public Visit(Machine machine, String deployedBy, Work share) {
    this(machine, deployedBy, share, Purpose.PEER);
  }

  /** A visit that leaves nothing there (R31). */
  public static Visit toClean(Machine machine, String visitor) {
    return new Visit(machine, visitor, null, Purpose.CLEAN);
  }
}
