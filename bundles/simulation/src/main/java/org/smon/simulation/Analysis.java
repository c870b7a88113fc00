// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.smon.simulation.SynchronousRounds.Round;

/**
 * The paper's analysis (section IV) beside synchronous rounds of its own policy.
 *
 * <p>A round can at most double the peers, while Y_r grows by e at first, so the real curve comes
 * later; {@code shiftRounds} is how much, and the shifted error compares the shape alone.
 *
 * @param runs averaged, with the seeds 1 to runs
 * @param largestError of Y_r against the mean share of machines reached, over all rounds (R56)
 * @param shiftRounds by which Y_r has to be moved to fit best
 * @param largestErrorShifted the largest error left then
 * @param copiesMean of a whole run, the first machine included (T6: about 1.24)
 * @param copiesLate a machine reached when at least 95 % had a peer (R57: 1.582 in the limit)
 * @param pingsPerPeerRound after all was deployed (R58: 1)
 */
public record Analysis(
    int machines,
    int runs,
    double largestError,
    double shiftRounds,
    double largestErrorShifted,
    double copiesMean,
    double copiesLate,
    double pingsPerPeerRound) {
  private static final int RESTING_ROUNDS = 10;
  private static final double LATE = 0.95;

  public static Analysis of(int machines, int runs) {
    List<List<Round>> all =
        IntStream.rangeClosed(1, runs)
            .mapToObj(seed -> SynchronousRounds.run(machines, seed))
            .toList();
    double[] share = meanShare(machines, all);
    double shift = bestShift(machines, share);
    List<Round> rounds = all.stream().flatMap(List::stream).toList();
    List<Round> late =
        rounds.stream().filter(r -> r.before() >= LATE * machines && r.deployed() > 0).toList();
    return new Analysis(
        machines,
        runs,
        largestError(machines, share, 0),
        shift,
        largestError(machines, share, shift),
        (copies(rounds) + runs) / ((double) machines * runs),
        copies(late) / late.stream().mapToInt(Round::deployed).sum(),
        pingsAtRest(machines, all));
  }

  private static double[] meanShare(int machines, List<List<Round>> runs) {
    int longest = runs.stream().mapToInt(List::size).max().orElse(0);
    double[] share = new double[longest];
    for (List<Round> run : runs) {
      for (int r = 0; r < longest; r++) {
        int reached = r < run.size() ? run.get(r).before() : machines;
        share[r] += (double) reached / machines / runs.size();
      }
    }
    return share;
  }

  private static double bestShift(int machines, double[] share) {
    return IntStream.range(0, 200)
        .mapToObj(i -> i / 20.0)
        .min(
            (a, b) ->
                Double.compare(largestError(machines, share, a), largestError(machines, share, b)))
        .orElseThrow();
  }

  private static double largestError(int machines, double[] share, double shift) {
    return IntStream.range(0, share.length)
        .mapToDouble(r -> Math.abs(share[r] - SynchronousRounds.expectedShare(machines, r - shift)))
        .max()
        .orElse(0);
  }

  private static double copies(List<Round> rounds) {
    return rounds.stream().mapToInt(Round::copies).sum();
  }

  private static double pingsAtRest(int machines, List<List<Round>> runs) {
    List<Round> resting = new ArrayList<>();
    runs.forEach(run -> resting.addAll(run.subList(run.size() - RESTING_ROUNDS, run.size())));
    return resting.stream().mapToInt(Round::pings).average().orElse(0) / machines;
  }
}
