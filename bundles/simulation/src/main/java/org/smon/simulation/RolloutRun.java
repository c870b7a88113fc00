// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.smon.api.Hashes;
import org.smon.core.Rollout;
import org.smon.core.Rollout.Mark;
import org.smon.core.Rollout.Verdict;
import org.smon.core.WaveOrder;

/**
 * A release is published at one machine of an overlay, and the real {@link Rollout} at each machine
 * decides what becomes of it (R23). What must always hold is checked at every step ({@link
 * RolloutLedger}). Single-threaded, and its options alone.
 */
public final class RolloutRun {
  private static final int LATENCY_MILLIS = 20;
  private static final int CRASH_WINDOW_MILLIS = 60_000;
  private static final int REBOOT_MILLIS = 30_000;
  private static final int LOOK_MILLIS = 100;
  private static final int MOST_MILLIS = 7_200_000;

  private final RolloutOptions options;
  private final SplittableRandom random;
  private final Timetable timetable = new Timetable();
  private final WaveOrder order;
  private final List<Adopter> machines = new ArrayList<>();
  private final BitSet up = new BitSet();
  private final Cuts cuts = new Cuts();
  private final RolloutLedger ledger;
  private long exchanges;

  private RolloutRun(RolloutOptions options) {
    this.options = options;
    this.random = new SplittableRandom(options.seed());
    List<String> names = IntStream.range(0, size()).mapToObj(i -> "m" + i).toList();
    this.order = new WaveOrder(Hashes.of("release " + options.seed()), names, "list");
    this.ledger = new RolloutLedger(targets(), options.waves());
    up.set(0, size());
    List<Integer> shuffled = shuffled();
    int broken = share(options.broken());
    int stuck = share(options.stuck());
    List<Adopter.Fate> fates = new ArrayList<>(Collections.nCopies(size(), Adopter.Fate.WORKS));
    shuffled.subList(0, broken).forEach(i -> fates.set(i, Adopter.Fate.BREAKS));
    shuffled
        .subList(broken, Math.min(size(), broken + stuck))
        .forEach(i -> fates.set(i, Adopter.Fate.HANGS));
    for (int i = 0; i < size(); i++) {
      machines.add(new Adopter(i, this, random.split(), fates.get(i)));
    }
  }

  /**
   * Runs to the end.
   *
   * @throws IllegalStateException if an invariant broke or it did not come to an end; the message
   *     names the seed and how to replay it
   */
  public static RolloutResult run(RolloutOptions options) {
    RolloutRun run = new RolloutRun(options);
    try {
      return run.run();
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "seed=%d after %d ms: %s; replay: %s"
              .formatted(options.seed(), run.now(), e.getMessage(), options.replay()),
          e);
    }
  }

  private RolloutResult run() {
    Adopter publisher = at(random.nextInt(size()));
    scheduleFaults(publisher);
    publisher.learn();
    long settledMillis = settledMillis();
    while (now() < settledMillis || !over()) {
      if (now() > MOST_MILLIS) {
        throw new IllegalStateException("no end after " + MOST_MILLIS / 1_000 + " s: " + summary());
      }
      runFor(LOOK_MILLIS);
    }
    double perMachine = Math.round(100.0 * exchanges / size()) / 100.0;
    return ledger.result(options, up, now(), perMachine);
  }

  private void scheduleFaults(Adopter publisher) {
    List<Integer> others = shuffled();
    others.remove(Integer.valueOf(publisher.index()));
    int down = Math.min(others.size(), share(options.down()));
    int crash = Math.min(others.size(), down + share(options.crash()));
    others.subList(0, down).forEach(i -> crash(at(i)));
    for (int i : others.subList(down, crash)) {
      long at = random.nextInt(CRASH_WINDOW_MILLIS);
      timetable.at(at, () -> crash(at(i)));
      timetable.at(at + REBOOT_MILLIS, () -> boot(at(i)));
    }
    if (options.cutSeconds() > 0) {
      cut();
    }
  }

  private void cut() {
    BitSet inside = new BitSet();
    shuffled().subList(0, share(0.1 + 0.4 * random.nextDouble())).forEach(inside::set);
    Cuts.Cut cut = new Cuts.Cut(inside, true);
    cuts.add(cut);
    timetable.at(1_000L * options.cutSeconds(), () -> cuts.remove(cut));
  }

  /** After this nothing is broken off or comes back any more. */
  private long settledMillis() {
    long crashes = options.crash() > 0 ? CRASH_WINDOW_MILLIS + REBOOT_MILLIS : 0;
    return Math.max(crashes, 1_000L * options.cutSeconds());
  }

  private void crash(Adopter machine) {
    up.clear(machine.index());
    machine.crash();
  }

  private void boot(Adopter machine) {
    up.set(machine.index());
    machine.boot();
  }

  /** Every machine that runs has done what it can and knows that all is done, or stopped. */
  private boolean over() {
    if (all(Adopter::settled) && (all(Adopter::knowsItIsComplete) || ledger.nothingComesOfIt())) {
      return true;
    }
    return all(m -> m.knows(Verdict.QUARANTINED)) && machines.stream().noneMatch(this::exposed);
  }

  private boolean all(Predicate<Adopter> predicate) {
    return machines.stream().allMatch(predicate);
  }

  private boolean exposed(Adopter machine) {
    return machine.state() == Adopter.State.ADOPTED || machine.state() == Adopter.State.TRYING;
  }

  private String summary() {
    long settled = machines.stream().filter(Adopter::settled).count();
    long complete = machines.stream().filter(Adopter::knowsItIsComplete).count();
    return "%d of %d settled, %d know that it is complete".formatted(settled, size(), complete);
  }

  private void runFor(long millis) {
    long until = now() + millis;
    while (timetable.step(until)) {
      // each step checks what must hold by itself
    }
  }

  private List<Integer> targets() {
    Rollout rollout = newRollout(0);
    List<Integer> targets = new ArrayList<>();
    for (int rank = 0; rank < size(); rank++) {
      if (targets.size() < rollout.wave()) {
        targets.add(rollout.target());
      }
      rollout.mark(order.name(rank), Mark.PROVED);
    }
    return List.copyOf(targets);
  }

  private List<Integer> shuffled() {
    List<Integer> all = new ArrayList<>(IntStream.range(0, size()).boxed().toList());
    Collections.shuffle(all, new Random(random.nextLong()));
    return all;
  }

  private int share(double share) {
    return (int) Math.round(share * size());
  }

  /**
   * Delivers after a while, unless it is lost, cut off, or nobody is there.
   *
   * @return false if it will not arrive; the sender learns that by silence
   */
  boolean send(Adopter from, Adopter to, Runnable delivery) {
    boolean lost = options.loss() > 0 && random.nextDouble() < options.loss();
    if (lost || !to.up() || cuts.drops(from.index(), to.index())) {
      return false;
    }
    timetable.in(
        LATENCY_MILLIS / 2 + random.nextInt(LATENCY_MILLIS + 1),
        () -> {
          if (to.up()) {
            delivery.run();
          }
        });
    return true;
  }

  void later(long millis, Runnable action) {
    timetable.in(millis, action);
  }

  void begins(Adopter machine) {
    ledger.begins(machine.index(), up);
  }

  /** Who was given up is taken for absent though it is there. */
  void recordAbsences(Rollout rollout) {
    for (Adopter machine : machines) {
      if (rollout.markOf(nameOf(machine)) == Mark.ABSENT) {
        ledger.absent(machine.index());
      }
    }
  }

  void countExchange() {
    exchanges++;
  }

  RolloutLedger ledger() {
    return ledger;
  }

  Rollout newRollout(int machine) {
    return new Rollout(order, options.waves(), "m" + machine);
  }

  long now() {
    return timetable.now();
  }

  int size() {
    return options.machines();
  }

  int trialMillis() {
    return options.trialMillis();
  }

  /** How often a rumour is told, as by the core's own: about log2 N. */
  int tellings() {
    return Math.max(1, 32 - Integer.numberOfLeadingZeros(size() - 1));
  }

  String nameOf(Adopter machine) {
    return "m" + machine.index();
  }

  Adopter at(int index) {
    return machines.get(index);
  }

  Adopter at(String name) {
    return machines.get(Integer.parseInt(name.substring(1)));
  }
}
