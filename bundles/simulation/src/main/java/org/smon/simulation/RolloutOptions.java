// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.Locale;
import org.smon.api.InvalidInputException;
import org.smon.api.Release.Waves;

/**
 * Which release is rolled out, and what happens meanwhile. Shares are from 0 to 1 of the machines,
 * drawn by the seed.
 *
 * @param broken share on which the release does not come through its probation
 * @param stuck share on which it never comes to an end
 * @param down share that is off all the time
 * @param crash share that crashes in the first minute and is back half a minute later
 * @param loss of each message
 * @param cutSeconds for how long a tenth to a half of the machines is cut off from the others, from
 *     the start on; 0 for not at all
 * @param trialMillis fetch, swap and probation; up to a half more by chance
 */
public record RolloutOptions(
    int machines,
    long seed,
    Waves waves,
    double broken,
    double stuck,
    double down,
    double crash,
    double loss,
    int cutSeconds,
    int trialMillis) {
  public static final int DEFAULT_TRIAL_MILLIS = 8_000;

  public RolloutOptions {
    requireRange("machines", machines, 1, Options.MOST_MACHINES);
    requireRange("broken", broken, 0, 1);
    requireRange("stuck", stuck, 0, 0.5);
    requireRange("down", down, 0, 0.9);
    requireRange("crash", crash, 0, 1);
    requireRange("loss", loss, 0, 0.5);
    requireRange("cut", cutSeconds, 0, 3_600);
    requireRange("trial", trialMillis, 1, 3_600_000);
  }

  /** Nothing else happens. */
  public static RolloutOptions of(int machines, long seed, double broken) {
    return new RolloutOptions(
        machines, seed, Waves.GROWING, broken, 0, 0, 0, 0, 0, DEFAULT_TRIAL_MILLIS);
  }

  public RolloutOptions withSeed(long newSeed) {
    return new RolloutOptions(
        machines, newSeed, waves, broken, stuck, down, crash, loss, cutSeconds, trialMillis);
  }

  public RolloutOptions withWaves(Waves newWaves) {
    return new RolloutOptions(
        machines, seed, newWaves, broken, stuck, down, crash, loss, cutSeconds, trialMillis);
  }

  public RolloutOptions withFaults(
      double newStuck, double newDown, double newCrash, double newLoss, int newCutSeconds) {
    return new RolloutOptions(
        machines,
        seed,
        waves,
        broken,
        newStuck,
        newDown,
        newCrash,
        newLoss,
        newCutSeconds,
        trialMillis);
  }

  public RolloutOptions withTrial(int newTrialMillis) {
    return new RolloutOptions(
        machines, seed, waves, broken, stuck, down, crash, loss, cutSeconds, newTrialMillis);
  }

  /** The command that runs this again. */
  String replay() {
    String options =
        "--broken %s --waves %s --stuck %s --down %s --crash %s --loss %s --cut %d --trial %d"
            .formatted(broken, wavesWord(), stuck, down, crash, loss, cutSeconds, trialMillis);
    return "smon simulate --machines %d --seed %d %s".formatted(machines, seed, options);
  }

  private String wavesWord() {
    return waves.name().toLowerCase(Locale.ROOT);
  }

  private static void requireRange(String name, double value, double from, double to) {
    if (!(value >= from && value <= to)) {
      throw new InvalidInputException(
          "%s %s is out of range; give %s to %s"
              .formatted(name, number(value), number(from), number(to)));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
