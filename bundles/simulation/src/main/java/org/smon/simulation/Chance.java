// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The world's dice, all thrown from one seed. */
final class Chance {
  private final Options options;
  private final SplittableRandom random;

  Chance(Options options) {
    this.options = options;
    this.random = new SplittableRandom(options.seed());
  }

  boolean happens(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  /** A generator of its own for each peer. */
  RandomGenerator split() {
    return random.split();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** One-way delay of a message: half to one and a half of the median, more if an end is slow. */
  long latency(boolean slow) {
    long base = options.latencyMillis() / 2 + random.nextInt(options.latencyMillis() + 1);
    return slow ? base + Math.round(500 * StrictMath.exp(gaussian(random))) : base;
  }

  /**
   * How long the n-th deployment to a machine takes. Drawn from a stream of the machine and attempt
   * alone, so that both policies meet the same machines.
   */
  long deployment(VirtualMachine machine, int attempt) {
    long stream = options.seed() * 1_000_003L + machine.index();
    RandomGenerator own = new SplittableRandom(stream * 1_000_003L + attempt);
    double millis =
        options.deployMedianMillis() * StrictMath.exp(options.deploySigma() * gaussian(own));
    return Math.max(1, Math.round(machine.isSlow() ? millis * options.slowFactor() : millis));
  }

  /** Box and Muller's, because the library's own gaussian may differ between Java versions. */
  private static double gaussian(RandomGenerator random) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
  }
}
