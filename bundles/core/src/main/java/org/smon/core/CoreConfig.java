// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

/**
 * What tunes a peer's protocol and is not part of the signed settings. All times in milliseconds.
 *
 * @param confirmMillis between two checks of a suspect (R16)
 * @param deployingConfirmMillis the same while the overlay still divides work: longer than most
 *     visits, so that a visit in progress is not disturbed
 * @param holdMillis how long a silent machine is left to the one whose share it may be in
 * @param visitsAtOnce visits to machines of the own share at a time
 * @param slowVisitMillis a visit running longer no longer keeps the next one from starting
 * @param rumorMillis between two bursts of pushes of a fresh document
 */
public record CoreConfig(
    Policy policy,
    int confirmMillis,
    int deployingConfirmMillis,
    int holdMillis,
    int visitsAtOnce,
    int slowVisitMillis,
    int rumorMillis) {

  /** What peers run with. */
  public static CoreConfig smon() {
    return new CoreConfig(Policy.SMON, 3_000, 10_000, 60_000, 1, 15_000, 200);
  }

  /** The paper's loop; only the simulator runs it. */
  public static CoreConfig paper() {
    return new CoreConfig(Policy.PAPER, 0, 0, 0, 1, Integer.MAX_VALUE, 0);
  }
}
