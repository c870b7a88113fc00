// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.random.RandomGenerator;
import org.smon.api.Versions;
import org.smon.api.VisitReport;
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
    strategy.begin(now, initial, parent);
    step(now);
  }

  /** The time asked for by {@link Effects#wakeAt} has come. */
  public void wake(long now) {
    wakeAt = Long.MAX_VALUE;
    step(now);
  }

  /** A ping came in; the answer goes back to its sender. */
  public Pong onPing(long now, String from, Versions versions, int workLeft) {
    strategy.heard(now, from, workLeft);
    step(now);
    return new Pong(self.held().versions(), strategy.workLeft());
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
   * @param reason one line for people, such as "no answer within 2000 ms"
   */
  public void onPingLost(long now, long token, String reason) {
    String machine = self.answered(token);
    if (machine != null) {
      self.effects.emit("ping-timeout", machine, reason);
      strategy.silent(now, machine, reason);
      step(now);
    }
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
    rumors.changed(now, before);
    strategy.changed(now);
    step(now);
  }

  /** Machines of the own share not yet done, running visits included: what pings carry. */
  public int workLeft() {
    return strategy.workLeft();
  }

  private void step(long now) {
    long next = Math.min(strategy.step(now), rumors.step(now));
    if (next != wakeAt) {
      wakeAt = next;
      if (next != Long.MAX_VALUE) {
        self.effects.wakeAt(next);
      }
    }
  }
}
