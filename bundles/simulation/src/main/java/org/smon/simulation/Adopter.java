// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.random.RandomGenerator;
import org.smon.core.Rollout;
import org.smon.core.Rollout.Mark;
import org.smon.core.Rollout.Verdict;

/**
 * A machine in a {@link RolloutRun}: drives the real {@link Rollout} as a peer does, with a trial
 * that takes its time instead of a swap.
 */
final class Adopter {
  /** What it runs; all but TRYING outlives a crash. */
  enum State {
    OLD,
    TRYING,
    ADOPTED,
    REFUSED
  }

  private static final int EXCHANGE_MILLIS = 1_000;
  private static final int RETRY_MILLIS = 3_000;
  private static final int TRIES = 3;
  private static final int RUMOR_MILLIS = 200;
  private static final int BURST = 4;

  /** So many trials long nothing has to move before those who are awaited are given up. */
  private static final int PATIENCE_TRIALS = 4;

  private final int index;
  private final RolloutRun run;
  private final RandomGenerator random;
  private final Fate fate;
  private State state = State.OLD;

  /** Null until it has heard of the release. */
  private Rollout rollout;

  private boolean up = true;

  /** What was planned in an earlier life is void. */
  private int life;

  private int results;
  private int wave;
  private long movedMillis;

  /** What the release does on this machine. */
  enum Fate {
    WORKS,
    BREAKS,
    HANGS
  }

  Adopter(int index, RolloutRun run, RandomGenerator random, Fate fate) {
    this.index = index;
    this.run = run;
    this.random = random;
    this.fate = fate;
  }

  int index() {
    return index;
  }

  boolean up() {
    return up;
  }

  State state() {
    return state;
  }

  /** True if it does nothing any more by itself. */
  boolean settled() {
    return !up || fate == Fate.HANGS || state == State.ADOPTED || state == State.REFUSED;
  }

  boolean knows(Verdict verdict) {
    return !up || rollout != null && rollout.verdict() == verdict;
  }

  /** One that hangs waits for itself for ever. */
  boolean knowsItIsComplete() {
    return !up || fate == Fate.HANGS || rollout != null && rollout.complete();
  }

  /** Hears of the release, by a rumour or with an exchange. */
  void learn() {
    if (up && rollout == null) {
      rollout = run.newRollout(index);
      movedMillis = run.now();
      tell(run.tellings());
      later(random.nextInt(EXCHANGE_MILLIS), this::round);
      act();
    }
  }

  /** Answers an exchange. */
  byte[] asked(Adopter from, byte[] marks) {
    learn();
    hear(from, marks);
    return rollout.marks();
  }

  void crash() {
    if (state == State.TRYING) {
      state = State.OLD;
      run.ledger().aborts();
    }
    up = false;
    life++;
  }

  /** Comes back with what it had on its disk. */
  void boot() {
    up = true;
    movedMillis = run.now();
    if (rollout != null) {
      byte[] kept = rollout.marks();
      rollout = run.newRollout(index);
      rollout.merge(rollout.self(), rollout.order().listHash(), kept);
      later(random.nextInt(EXCHANGE_MILLIS), this::round);
      act();
    }
  }

  private void tell(int left) {
    for (int i = 0; i < Math.min(BURST, left); i++) {
      Adopter other = run.at(random.nextInt(run.size()));
      run.send(this, other, other::learn);
    }
    if (left > BURST) {
      later(RUMOR_MILLIS, () -> tell(left - BURST));
    }
  }

  private void round() {
    later(EXCHANGE_MILLIS, this::round);
    String partner = rollout.partner(random);
    if (partner != null) {
      exchange(run.at(partner), TRIES);
    }
    if (run.now() - movedMillis > PATIENCE_TRIALS * run.trialMillis() && rollout.skipAwaited()) {
      run.recordAbsences(rollout);
      act();
    }
  }

  private void exchange(Adopter other, int tries) {
    run.countExchange();
    int asking = life;
    byte[] mine = rollout.marks();
    boolean sent =
        run.send(
            this,
            other,
            () -> {
              byte[] answer = other.asked(this, mine);
              if (!run.send(other, this, () -> answered(asking, other, answer))) {
                later(RETRY_MILLIS, () -> failed(other, tries));
              }
            });
    if (!sent) {
      later(RETRY_MILLIS, () -> failed(other, tries));
    }
  }

  private void answered(int asking, Adopter other, byte[] marks) {
    if (asking == life) {
      hear(other, marks);
    }
  }

  private void failed(Adopter other, int tries) {
    if (tries > 1) {
      exchange(other, tries - 1);
    } else if (rollout.mark(run.nameOf(other), Mark.ABSENT)) {
      run.ledger().absent(other.index);
      act();
    }
  }

  private void hear(Adopter from, byte[] marks) {
    if (rollout.merge(run.nameOf(from), rollout.order().listHash(), marks)) {
      act();
    }
  }

  private void act() {
    int known = rollout.proved() + rollout.refused();
    run.ledger().knows(results, known);
    if (known != results || rollout.wave() != wave) {
      movedMillis = run.now();
    }
    results = known;
    wave = rollout.wave();
    Verdict verdict = rollout.verdict();
    if (verdict == Verdict.MAY_ADOPT && state == State.OLD) {
      begin();
    } else if (verdict == Verdict.QUARANTINED) {
      goBack();
    }
  }

  private void begin() {
    state = State.TRYING;
    run.begins(this);
    if (fate != Fate.HANGS) {
      later(run.trialMillis() + random.nextInt(run.trialMillis() / 2 + 1), this::end);
    }
  }

  private void end() {
    if (state != State.TRYING) {
      return; // stopped meanwhile
    }
    boolean works = fate == Fate.WORKS;
    state = works ? State.ADOPTED : State.REFUSED;
    if (works) {
      run.ledger().adopts(index, run.now());
    } else {
      run.ledger().refuses(run.now());
    }
    rollout.mark(rollout.self(), works ? Mark.PROVED : Mark.REFUSED);
    act();
  }

  private void goBack() {
    run.ledger().stopped(run.now());
    if (state == State.TRYING) {
      run.ledger().aborts();
    }
    if (state == State.TRYING || state == State.ADOPTED) {
      state = State.OLD;
      run.ledger().goesBack(index, run.now());
    }
  }

  private void later(long millis, Runnable action) {
    int planned = life;
    run.later(
        millis,
        () -> {
          if (planned == life && up) {
            action.run();
          }
        });
  }
}
