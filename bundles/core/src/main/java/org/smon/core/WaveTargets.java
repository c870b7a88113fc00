// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.stream.IntStream;
import org.smon.api.Release.Waves;

/** How large waves are: max(2, 1 %), 10 %, 50 % and all of the machines, each with those before. */
final class WaveTargets {
  private WaveTargets() {}

  /** Growing; in a small overlay there are fewer, for none is as large as the one before. */
  static int[] of(Waves plan, int machines) {
    if (plan == Waves.ONE) {
      return new int[] {machines};
    }
    int canaries = Math.min(machines, Math.max(2, percent(1, machines)));
    return IntStream.of(canaries, percent(10, machines), percent(50, machines), machines)
        .filter(target -> target >= canaries)
        .distinct()
        .toArray();
  }

  /** The last target that is not above the given number of machines; 0 if there is none. */
  static int behind(int[] targets, int machines) {
    return IntStream.of(targets).filter(target -> target <= machines).max().orElse(0);
  }

  private static int percent(int percent, int machines) {
    return (int) ((percent * (long) machines + 99) / 100);
  }
}
