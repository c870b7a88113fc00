// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.List;
import java.util.SortedMap;

/**
 * A run in figures; the component names are the JSON of {@code smon simulate --json}. Times in
 * milliseconds.
 *
 * @param deploy how the overlay spread, from the first peer's start on
 * @param attemptsMean claims tried a machine; the paper has no claim, there each visit counts
 * @param disable how livetag false spread, from its injection at one peer on
 * @param pingsPerPeerRound pings received, over ten rounds after all was deployed (R58)
 * @param idleBytesPerPeerSecond HTTP sent by a peer over these rounds; TCP and TLS come on top
 * @param infected machines with a peer at the end of each round
 * @param agent what the authentication agent was asked for
 * @param timings what the run was made with
 */
public record Result(
    int machines,
    long seed,
    String policy,
    Deploy deploy,
    double attemptsMean,
    Disable disable,
    double pingsPerPeerRound,
    double idleBytesPerPeerSecond,
    List<Infected> infected,
    Agent agent,
    Timings timings) {

  /**
   * @param copiesMean payloads sent a machine, the first included (Table II)
   * @param histogram copies to machines
   */
  public record Deploy(
      long medianMillis,
      long p90Millis,
      long lastMillis,
      double copiesMean,
      int copiesMax,
      SortedMap<Integer, Integer> histogram) {}

  /** When the last peer had livetag false. */
  public record Disable(long lastMillis) {}

  public record Infected(int round, int machines) {}

  /** Signatures while deploying, and the most in any one second. */
  public record Agent(int signatures, int peakPerSecond) {}

  public record Timings(
      int waitMillis,
      int pingTimeoutMillis,
      int deployMedianMillis,
      double deploySigma,
      int latencyMillis,
      double loss,
      double crash,
      double slow,
      int slowFactor) {}
}
