// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import org.smon.api.InvalidInputException;
import org.smon.core.Policy;

/**
 * What is simulated. Times in milliseconds, fractions from 0 to 1.
 *
 * @param loss of each message between peers; ssh, which repeats what is lost, breaks off in a fifth
 *     as many visits
 * @param crash fraction of the machines that crash once in the first minute and boot again
 * @param slow fraction of the machines that take {@code slowFactor} times as long for everything
 * @param latencyMillis median one-way delay of a message
 * @param deployMedianMillis a whole deployment: lognormal with this median and {@code deploySigma}
 * @param horizonMillis virtual time after which the run is given up as not converging
 */
public record Options(
    int machines,
    long seed,
    Policy policy,
    double loss,
    double crash,
    double slow,
    int slowFactor,
    int latencyMillis,
    int waitMillis,
    int pingTimeoutMillis,
    int deployMedianMillis,
    double deploySigma,
    int horizonMillis) {
  public static final int MOST_MACHINES = 100_000;

  public Options {
    requireRange("machines", machines, 1, MOST_MACHINES);
    requireRange("loss", loss, 0, 0.9);
    requireRange("crash", crash, 0, 1);
    requireRange("slow", slow, 0, 1);
    requireRange("slow factor", slowFactor, 1, 1_000);
    requireRange("latency", latencyMillis, 0, 60_000);
    requireRange("wait", waitMillis, 100, 3_600_000);
    requireRange("ping timeout", pingTimeoutMillis, 1, 600_000);
    requireRange("deployment median", deployMedianMillis, 1, 3_600_000);
    requireRange("deployment sigma", deploySigma, 0, 3);
    requireRange("horizon", horizonMillis, 1_000, 86_400_000);
  }

  /** A world without faults, with the timings the comparison of both policies is made at. */
  public static Options of(int machines, long seed, Policy policy) {
    return new Options(machines, seed, policy, 0, 0, 0, 5, 20, 5_000, 2_000, 6_000, 0.5, 7_200_000);
  }

  public Options withFaults(double newLoss, double newCrash, double newSlow) {
    return new Options(
        machines,
        seed,
        policy,
        newLoss,
        newCrash,
        newSlow,
        slowFactor,
        latencyMillis,
        waitMillis,
        pingTimeoutMillis,
        deployMedianMillis,
        deploySigma,
        horizonMillis);
  }

  public Options withSeed(long newSeed) {
    return new Options(
        machines,
        newSeed,
        policy,
        loss,
        crash,
        slow,
        slowFactor,
        latencyMillis,
        waitMillis,
        pingTimeoutMillis,
        deployMedianMillis,
        deploySigma,
        horizonMillis);
  }

  public Options withLatency(int newLatencyMillis) {
    return new Options(
        machines,
        seed,
        policy,
        loss,
        crash,
        slow,
        slowFactor,
        newLatencyMillis,
        waitMillis,
        pingTimeoutMillis,
        deployMedianMillis,
        deploySigma,
        horizonMillis);
  }

  public Options withHorizon(int newHorizonMillis) {
    return new Options(
        machines,
        seed,
        policy,
        loss,
        crash,
        slow,
        slowFactor,
        latencyMillis,
        waitMillis,
        pingTimeoutMillis,
        deployMedianMillis,
        deploySigma,
        newHorizonMillis);
  }

  /** The command that runs this again. */
  String replay() {
    return "smon simulate --machines %d --seed %d --policy %s --loss %s --crash %s --slow %s"
        .formatted(machines, seed, policyWord(), loss, crash, slow);
  }

  /** {@code paper} or {@code smon}. */
  String policyWord() {
    return policy == Policy.PAPER ? "paper" : "smon";
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
