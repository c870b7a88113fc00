// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.smon.core.CoreConfig;
import org.smon.core.Policy;
import org.smon.simulation.Result.Infected;

/**
 * The paper's evaluation (section V): deploy from one machine, let it rest for ten rounds, disable
 * at one peer. Each run is single-threaded and depends on its options alone.
 */
public final class Simulation {
  private static final int RESTING_ROUNDS = 10;

  /** What the last deployments left to be checked is done by then. */
  private static final int SETTLING_ROUNDS = 5;

  private static final int CRASH_WINDOW_MILLIS = 60_000;
  private static final int REBOOT_MILLIS = 30_000;

  private final Options options;
  private final World world;
  private double pingsPerPeerRound;
  private double idleBytesPerPeerSecond;
  private long disableMillis;

  private Simulation(Options options, CoreConfig config) {
    this.options = options;
    this.world = new World(options, config);
  }

  /**
   * Runs to the end.
   *
   * @throws IllegalStateException if an invariant broke or the overlay did not converge; the
   *     message names the seed and how to replay it
   */
  public static Run run(Options options) {
    return run(options, options.policy() == Policy.PAPER ? CoreConfig.paper() : CoreConfig.smon());
  }

  static Run run(Options options, CoreConfig config) {
    try {
      return new Simulation(options, config).run();
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "seed=%d %s; replay: %s".formatted(options.seed(), e.getMessage(), options.replay()), e);
    }
  }

  private Run run() {
    scheduleCrashes();
    world.deployFirst();
    reach("deployed everywhere", this::allLive);
    List<Long> signMillis = List.copyOf(world.signMillis());
    SortedMap<String, Long> events = new TreeMap<>(world.observed());
    rest();
    disable();
    return new Run(result(signMillis), signMillis, events);
  }

  private boolean allLive() {
    return world.live() == options.machines() && (options.crash() == 0 || world.now() > settled());
  }

  /** After this nothing crashes or boots any more. */
  private static int settled() {
    return CRASH_WINDOW_MILLIS + REBOOT_MILLIS;
  }

  private void scheduleCrashes() {
    for (VirtualMachine machine : world.machines()) {
      if (machine.index() > 0 && world.chance().happens(options.crash())) {
        long at = world.chance().below(CRASH_WINDOW_MILLIS);
        world.timetable().at(at, () -> world.crash(machine));
        world.timetable().at(at + REBOOT_MILLIS, machine::boot);
      }
    }
  }

  private void rest() {
    world.runUntil(() -> false, (long) SETTLING_ROUNDS * options.waitMillis());
    long before = world.network().pingsReceived();
    long bytesBefore = world.network().traffic().bytes();
    world.runUntil(() -> false, (long) RESTING_ROUNDS * options.waitMillis());
    double received = world.network().pingsReceived() - before;
    pingsPerPeerRound = received / world.live() / RESTING_ROUNDS;
    double sent = world.network().traffic().bytes() - bytesBefore;
    idleBytesPerPeerSecond = sent / world.live() / (RESTING_ROUNDS * options.waitMillis() / 1000.0);
  }

  private void disable() {
    long from = world.now();
    world.disableAt(world.machines().get(0));
    reach("disabled everywhere", () -> world.disabledPeers() == world.live());
    disableMillis = world.now() - from;
  }

  private void reach(String goal, BooleanSupplier condition) {
    if (!world.runUntil(condition, options.horizonMillis())) {
      throw new IllegalStateException(
          "not %s after %d s: %d of %d peers live, %d disabled"
              .formatted(
                  goal,
                  options.horizonMillis() / 1000,
                  world.live(),
                  options.machines(),
                  world.disabledPeers()));
    }
  }

  private Result result(List<Long> signMillis) {
    return new Result(
        options.machines(),
        options.seed(),
        options.policyWord(),
        deploy(),
        rounded(world.machines().stream().mapToInt(VirtualMachine::attempts).average().orElse(0)),
        new Result.Disable(disableMillis),
        rounded(pingsPerPeerRound),
        rounded(idleBytesPerPeerSecond),
        infected(),
        new Result.Agent(signMillis.size(), peakPerSecond(signMillis)),
        timings());
  }

  private Result.Deploy deploy() {
    long[] at =
        world.machines().stream().mapToLong(VirtualMachine::firstPeerMillis).sorted().toArray();
    SortedMap<Integer, Integer> histogram = new TreeMap<>();
    world.machines().forEach(machine -> histogram.merge(machine.copies(), 1, Integer::sum));
    return new Result.Deploy(
        percentile(at, 50),
        percentile(at, 90),
        percentile(at, 100),
        rounded(world.machines().stream().mapToInt(VirtualMachine::copies).average().orElse(0)),
        histogram.lastKey(),
        histogram);
  }

  /** The nearest rank. */
  private static long percentile(long[] sorted, int percent) {
    return sorted[(sorted.length * percent + 99) / 100 - 1];
  }

  private List<Infected> infected() {
    List<Infected> rounds = new ArrayList<>();
    int reached = 0;
    for (int round = 1; reached < options.machines(); round++) {
      long end = (long) round * options.waitMillis();
      reached = (int) world.machines().stream().filter(m -> m.firstPeerMillis() <= end).count();
      rounds.add(new Infected(round, reached));
    }
    return rounds;
  }

  private static int peakPerSecond(List<Long> signMillis) {
    SortedMap<Long, Integer> bySecond = new TreeMap<>();
    signMillis.forEach(at -> bySecond.merge(at / 1000, 1, Integer::sum));
    return bySecond.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  private Result.Timings timings() {
    return new Result.Timings(
        options.waitMillis(),
        options.pingTimeoutMillis(),
        options.deployMedianMillis(),
        options.deploySigma(),
        options.latencyMillis(),
        options.loss(),
        options.crash(),
        options.slow(),
        options.slowFactor());
  }

  private static double rounded(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
