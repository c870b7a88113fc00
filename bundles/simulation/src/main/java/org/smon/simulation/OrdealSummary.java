// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * Many ordeals in figures; the component names are the JSON of {@code smon simulate --faults
 * --json}. The single figures are those of {@link OrdealResult}.
 *
 * @param seeds how many, from {@code firstSeed} on
 */
public record OrdealSummary(
    int machines,
    long firstSeed,
    int seeds,
    Figure healedRounds,
    Figure shutDownRounds,
    Figure backRounds,
    Figure needlessLogins,
    Figure needlessLoginsMost,
    Figure logins) {

  public record Figure(double mean, double most) {}

  /** Throws, naming the seed, as soon as one fails. */
  public static OrdealSummary run(int machines, long firstSeed, int seeds, int faultSeconds) {
    List<OrdealResult> results =
        LongStream.range(firstSeed, firstSeed + seeds)
            .mapToObj(seed -> Ordeal.run(machines, seed, faultSeconds))
            .toList();
    return new OrdealSummary(
        machines,
        firstSeed,
        seeds,
        figure(results, OrdealResult::healedRounds),
        figure(results, OrdealResult::shutDownRounds),
        figure(results, OrdealResult::backRounds),
        figure(results, OrdealResult::needlessLogins),
        figure(results, OrdealResult::needlessLoginsMost),
        figure(results, OrdealResult::logins));
  }

  private static Figure figure(List<OrdealResult> results, ToDoubleFunction<OrdealResult> of) {
    double mean = results.stream().mapToDouble(of).average().orElse(0);
    double most = results.stream().mapToDouble(of).max().orElse(0);
    return new Figure(Math.round(mean * 100) / 100.0, most);
  }
}
