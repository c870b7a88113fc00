// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.smon.api.Livetag;
import org.smon.core.CoreConfig;
import org.smon.core.Policy;

/**
 * An overlay that everything happens to, by seed: faults of all kinds for a while, then rest; a
 * shutdown while some machines are cut off or down, which come back later; and a start afresh. What
 * must always hold is checked at every step ({@link Invariants}).
 */
public final class Ordeal {
  /** What {@code smon simulate --faults} takes. */
  public static final int DEFAULT_FAULT_SECONDS = 300;

  private static final int MOST_MILLIS = 1_800_000;
  private static final int AFTERMATH_MILLIS = 700_000;
  private static final double LOSS = 0.05;
  private static final double STARVED = 0.05;

  private final World world;
  private final Operator operator;
  private final long faultMillis;

  private Ordeal(int machines, long seed, int faultSeconds) {
    this.faultMillis = faultSeconds * 1_000L;
    Options options = Options.of(machines, seed, Policy.SMON).withFaults(LOSS, 0, 0.05);
    this.world = new World(options, CoreConfig.smon(), STARVED, Math.max(4, machines / 20));
    this.operator = new Operator(world);
    world.agents().add(new VirtualAgent(machines / 2, world.first()));
  }

  /**
   * Runs to the end.
   *
   * @throws IllegalStateException if an invariant broke or the overlay did not converge; the
   *     message names the seed and how to replay it
   */
  public static OrdealResult run(int machines, long seed, int faultSeconds) {
    Ordeal ordeal = new Ordeal(machines, seed, faultSeconds);
    try {
      return ordeal.run();
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "seed=%d after %d s: %s; replay: smon simulate --faults --machines %d --seed %d --fault-seconds %d"
              .formatted(
                  seed, ordeal.world.now() / 1000, e.getMessage(), machines, seed, faultSeconds),
          e);
    }
  }

  private OrdealResult run() {
    world.deployAll();
    world.runUntil(() -> false, 10_000);
    new Faults(world, operator, faultMillis).schedule();
    world.runUntil(() -> false, faultMillis);
    double healed = rounds("healed", this::isWhole);
    double shutDown = shutDown();
    double back = comeBack();
    return new OrdealResult(
        world.options().machines(),
        world.options().seed(),
        healed,
        shutDown,
        back,
        world.logins().needless(),
        world.logins().mostInAnHour(),
        world.signMillis().size());
  }

  /** Some machines miss it: they are cut off or down while it is told, and come back with true. */
  private double shutDown() {
    Cuts.Cut cut = new Cuts.Cut(some(0.1), true);
    world.cuts().add(cut);
    java.util.List<VirtualMachine> down =
        world.machines().stream().filter(m -> m.index() > 0 && chance(0.05)).toList();
    down.forEach(world::crash);
    operator.look();
    operator.publish(new Livetag(false, Livetag.SHUTDOWN_QUIET_SECONDS), () -> {});
    world.runUntil(() -> false, 60_000);
    world.cuts().remove(cut);
    down.forEach(machine -> world.boot(machine, true));
    double rounds = rounds("shut down", () -> listed().noneMatch(VirtualMachine::lives));
    world.runUntil(() -> false, 60_000); // visits that were going on are over
    world.invariants().shutDown(true);
    world.machines().stream()
        .filter(machine -> chance(0.2))
        .forEach(
            machine -> {
              world.crash(machine);
              world.boot(machine, true);
            });
    world.runUntil(() -> false, AFTERMATH_MILLIS);
    require(world.live() == 0, world.live() + " peers live although all was shut down");
    world.invariants().shutDown(false);
    return rounds;
  }

  /** {@code smon deploy} after a shutdown. */
  private double comeBack() {
    world.machines().forEach(machine -> operatorSees(machine.disk()));
    VirtualMachine first = listed().findFirst().orElseThrow();
    operator.enableAt(first);
    return rounds("back", this::isWhole);
  }

  private void operatorSees(Shelf disk) {
    operator.learn(disk);
  }

  private java.util.BitSet some(double fraction) {
    java.util.BitSet some = new java.util.BitSet();
    world.machines().stream().filter(m -> chance(fraction)).forEach(m -> some.set(m.index()));
    return some;
  }

  private boolean chance(double probability) {
    return world.chance().happens(probability);
  }

  /**
   * Every machine of the newest list, and no other, has a peer that holds the newest of all. Only a
   * removed one that was cut off while livetag was false may still wait for its quiet time to end.
   */
  private boolean isWhole() {
    Shelf newest = newest();
    return world.machines().stream()
        .allMatch(
            machine ->
                newest.list().lists(machine.entry())
                    ? machine.lives() && !machine.isFrozen() && !machine.disk().lacks(newest)
                    : !machine.lives() || !machine.disk().maintains());
  }

  private Stream<VirtualMachine> listed() {
    return world.machines().stream()
        .filter(machine -> operator.shelf().list().lists(machine.entry()));
  }

  /** What the operator signed last, or what won over it. */
  private Shelf newest() {
    Shelf newest = operator.shelf();
    for (VirtualMachine machine : world.machines()) {
      newest = newest.with(machine.disk());
    }
    return newest;
  }

  private double rounds(String goal, BooleanSupplier reached) {
    long from = world.now();
    boolean[] done = {false};
    lookEachSecond(reached, done);
    if (!world.runUntil(() -> done[0], MOST_MILLIS)) {
      require(false, "not %s after %d s: %s".formatted(goal, MOST_MILLIS / 1000, what()));
    }
    return (double) (world.now() - from) / world.options().waitMillis();
  }

  /** To look at the whole world after each step would take longer than the step. */
  private void lookEachSecond(BooleanSupplier reached, boolean[] done) {
    done[0] = reached.getAsBoolean();
    if (!done[0]) {
      world.timetable().in(1_000, () -> lookEachSecond(reached, done));
    }
  }

  private String what() {
    Shelf newest = newest();
    StringBuilder what = new StringBuilder(world.live() + " peers live");
    world.machines().stream()
        .filter(
            m -> newest.list().lists(m.entry()) != m.lives() || m.lives() && m.disk().lacks(newest))
        .limit(5)
        .forEach(
            m ->
                what.append("; ")
                    .append(m.name())
                    .append(m.lives() ? " lives" : " is dead")
                    .append(" with ")
                    .append(m.disk())
                    .append(m.isUp() ? "" : ", down")
                    .append(m.isClaimed() ? ", claimed" : "")
                    .append(m.isDiskFull() ? ", full" : ""));
    what.append(world.observed());
    return what.append("; newest ").append(newest).toString();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
