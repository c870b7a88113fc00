// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.smon.core.Policy;

/** Means over the runs with the seeds 1 to runs; copiesMax is the largest of all. */
record Mean(
    double medianMillis,
    double p90Millis,
    double lastMillis,
    double copies,
    int copiesMax,
    double attempts,
    double disableMillis,
    double pings) {

  static Mean of(int machines, int runs, Policy policy) {
    return of(Options.of(machines, 1, policy), runs);
  }

  /** The same options with other seeds. */
  static Mean of(Options options, int runs) {
    List<Result> all =
        LongStream.rangeClosed(1, runs)
            .mapToObj(seed -> Simulation.run(options.withSeed(seed)).result())
            .toList();
    return new Mean(
        mean(all, r -> r.deploy().medianMillis()),
        mean(all, r -> r.deploy().p90Millis()),
        mean(all, r -> r.deploy().lastMillis()),
        mean(all, r -> r.deploy().copiesMean()),
        all.stream().mapToInt(r -> r.deploy().copiesMax()).max().orElseThrow(),
        mean(all, Result::attemptsMean),
        mean(all, r -> r.disable().lastMillis()),
        mean(all, Result::pingsPerPeerRound));
  }

  private static double mean(List<Result> all, ToDoubleFunction<Result> figure) {
    return all.stream().mapToDouble(figure).average().orElseThrow();
  }
}
