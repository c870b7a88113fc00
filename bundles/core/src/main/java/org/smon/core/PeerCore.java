// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.random.RandomGenerator;
import org.smon.api.Versions;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;

/**
 * A peer's protocol (paper, Fig. 2; R1 to R4, R10, R13, R15): whom to ping, whom to visit, which
 * documents to exchange. A state machine: all inputs come from one thread, with the time in
 * milliseconds from any fixed origin that never goes back. What it wants done goes to {@link
 * Effects}.
 */
public final class PeerCore {
  private final Self self;
  private final Strategy strategy;
  private final Exchange exchange;
  private final Rumors rumors;
  private final Quiet quiet;
  private long wakeAt = Long.MAX_VALUE;

  public PeerCore(String self, CoreConfig config, RandomGenerator random, Effects effects) {
    this.self = new Self(self, config, random, effects);
    this.strategy =
        switch (config.policy()) {
          case PAPER -> new PaperStrategy(this.self);
          case SMON -> new SmonStrategy(this.self);
        };
    this.exchange = new Exchange(this.self);
    this.rumors = new Rumors(this.self);
    this.quiet = new Quiet(this.self);
  }

  /**
   * The first input, once.
   *
   * @param initial the share this peer was given on disk (the first peer: {@link Roster#whole}), or
   *     null
   * @param parent the machine whose peer deployed this one, which is asked for half of its rest; or
   *     null
   */
  public void start(long now, Held held, Work initial, String parent) {
    self.hold(held);
    quiet.begin(now);
    strategy.begin(now, initial, parent);
    step(now);
  }

  /** The time asked for by {@link Effects#wakeAt} has come. */
  public void wake(long now) {
    wakeAt = Long.MAX_VALUE;
    step(now);
  }

  /**
   * A ping of a peer's round came in; the answer goes back to its sender. Only who holds livetag
   * true pings, so nothing else may be handed in here: it is what keeps a quiet peer up (R27).
   *
   * @param suspectedBy who has not heard from this peer and wants a ping back, or null
   */
  public Pong onPing(long now, String from, Versions versions, int workLeft, String suspectedBy) {
    quiet.begin(now);
    refute(suspectedBy);
    strategy.heard(now, from, workLeft);
    step(now);
    return new Pong(self.held().versions(), strategy.workLeft());
  }

  /** A peer that was too busy to answer in time says so before somebody logs in. */
  private void refute(String suspectedBy) {
    boolean known = suspectedBy != null && self.roster().positionOf(suspectedBy) >= 0;
    if (known && self.maintains() && !suspectedBy.equals(self.name)) {
      self.pingBack(suspectedBy);
    }
  }

  /** The pong to an own ping. The one who pinged moves the documents, both ways (R2). */
  public void onPong(long now, long token, Versions versions, int workLeft) {
    String machine = self.answered(token);
    if (machine != null) {
      strategy.heard(now, machine, workLeft);
      strategy.answered(now, machine);
      exchange.with(now, machine, versions);
      step(now);
    }
  }

  /**
   * @param closed true if the machine itself said that nobody listens there
   * @param reason one line for people, such as "no answer within 2000 ms"
   */
  public void onPingLost(long now, long token, boolean closed, String reason) {
    String machine = self.answered(token);
    if (machine != null) {
      self.effects.emit("ping-timeout", machine, reason);
      strategy.silent(now, machine, closed, reason);
      step(now);
    }
  }

  /**
   * Another peer asks this one, as a warden of the machine, whether it lives.
   *
   * @param answered whether the machine has just answered a ping of this peer
   * @return for how many milliseconds nobody should log in there
   */
  public long onProbe(long now, String from, String machine, boolean answered) {
    strategy.heard(now, from, 0);
    long hold = strategy.asked(now, machine, answered);
    step(now);
    return hold;
  }

  /** The answer to {@link Effects#probe}. */
  public void onProbed(long now, long token, boolean answered, long holdMillis) {
    String machine = self.answered(token);
    if (machine != null) {
      strategy.probed(now, machine, answered, holdMillis);
      step(now);
    }
  }

  /** Nobody answered {@link Effects#probe} in time. */
  public void onProbeLost(long now, long token) {
    String machine = self.answered(token);
    if (machine != null) {
      strategy.probed(now, machine, false, 0);
      step(now);
    }
  }

  /** Another peer tells this one of its visit, as {@link Effects#notice} does. */
  public void onNotice(long now, String machine, Outcome outcome, Step step) {
    strategy.noticed(now, machine, outcome, step);
    step(now);
  }

  public void onVisited(long now, long token, VisitReport report) {
    if (self.answered(token) != null) {
      strategy.visited(now, report);
      step(now);
    }
  }

  /** Another peer asks for half of what is left here; null if nothing is. */
  public Work onWorkAsked(long now, String from) {
    Work given = strategy.give(now, from);
    if (given != null) {
      self.effects.emit("work-given", from, given.size() + " machines");
    }
    step(now);
    return given;
  }

  /**
   * The answer to {@link Effects#askWork}.
   *
   * @param share null if the other has nothing to give
   */
  public void onWork(long now, long token, Work share) {
    String giver = self.answered(token);
    if (giver != null) {
      strategy.given(now, giver, share);
      step(now);
    }
  }

  /** Nobody answered {@link Effects#askWork} in time. */
  public void onWorkLost(long now, long token) {
    String giver = self.answered(token);
    if (giver != null) {
      strategy.givenUp(now, giver);
      step(now);
    }
  }

  /** Other documents are held now, whoever brought them. */
  public void onDocuments(long now, Held held) {
    Versions before = self.held().versions();
    self.hold(held);
    quiet.changed(now, before);
    rumors.changed(now, before);
    strategy.changed(now);
    step(now);
  }

  /** Machines of the own share not yet done, running visits included: what pings carry. */
  public int workLeft() {
    return strategy.workLeft();
  }

  private void step(long now) {
    if (quiet.step(now)) {
      return;
    }
    long work = Math.min(strategy.step(now), rumors.step(now));
    long next = Math.min(work, quiet.endsAt());
    if (next != wakeAt) {
      wakeAt = next;
      if (next != Long.MAX_VALUE) {
        self.effects.wakeAt(next);
      }
    }
  }
}
