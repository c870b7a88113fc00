// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.random.RandomGenerator;

/**
 * A machine whose peer gets the processor for a while and then not at all, in turns of up to 15 s,
 * as a busy hypervisor or a paging machine does it. Half of the time it stands still.
 */
final class Starvation {
  private static final int SHORTEST_MILLIS = 500;
  private static final int LONGEST_MILLIS = 15_000;

  private final RandomGenerator random;
  private long runsUntil;
  private long standsUntil;

  Starvation(RandomGenerator random) {
    this.random = random;
    this.runsUntil = turn();
    this.standsUntil = runsUntil + turn();
  }

  /** When it runs, at this time or later; asked with times that do not go back. */
  long runsAgainAt(long now) {
    while (now >= standsUntil) {
      runsUntil = standsUntil + turn();
      standsUntil = runsUntil + turn();
    }
    return now < runsUntil ? now : standsUntil;
  }

  private long turn() {
    return SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS);
  }
}
