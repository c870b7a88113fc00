// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.LinkedHashMap;
import java.util.Map;
import org.smon.api.Machine;
import org.smon.api.Work;

/**
 * How a peer without work finds some (R10): the one who deployed it first, then those it knows to
 * have some, then a few at random; with growing pauses, and then not again until it hears of work.
 */
final class WorkSearch {
  private static final int MOST_KNOWN = 16;
  private static final int MOST_TRIES = 8;
  private static final int FIRST_PAUSE_MILLIS = 250;
  private static final int WORK_IS_NEWS_MILLIS = 20_000;

  private final Self self;

  /** Live peers and what they had left when last heard, the latest heard last. */
  private final Map<String, Integer> known = new LinkedHashMap<>();

  private String asked;
  private Work lastGiven;
  private int triesLeft;
  private long askAt;
  private long pauseMillis;
  private long workHeardAt = Long.MIN_VALUE / 2;

  WorkSearch(Self self) {
    this.self = self;
  }

  /** Starts over: there may be work now. */
  void begin(long now) {
    triesLeft = MOST_TRIES;
    pauseMillis = FIRST_PAUSE_MILLIS;
    askAt = now;
  }

  void heard(long now, String machine, int workLeft) {
    known.remove(machine);
    known.put(machine, workLeft);
    if (known.size() > MOST_KNOWN) {
      known.remove(known.keySet().iterator().next());
    }
    if (workLeft > 0) {
      workHeardAt = now;
    }
    if (workLeft > 1 && triesLeft == 0) {
      begin(now);
    }
  }

  /** True if somebody had work a short while ago: then silence may just mean "not yet deployed". */
  boolean heardOfWork(long now) {
    return now - workHeardAt < WORK_IS_NEWS_MILLIS;
  }

  /** True if the answer is work, and not the half that has come before. */
  boolean given(long now, String giver, Work share) {
    boolean fresh = share != null && !share.equals(lastGiven);
    if (fresh) {
      lastGiven = share;
      asked = null;
      begin(now);
    } else {
      known.computeIfPresent(giver, (g, left) -> 0);
      pause(now);
    }
    return fresh;
  }

  /** The answer was lost: the same peer is likely asked again, and gives the same half again. */
  void lost(long now) {
    pause(now);
  }

  /** Asks if it is time; the time of the next try. */
  long step(long now) {
    if (asked != null || triesLeft == 0) {
      return Long.MAX_VALUE;
    }
    if (now >= askAt) {
      ask();
      return Long.MAX_VALUE;
    }
    return askAt;
  }

  private void ask() {
    triesLeft--;
    asked = richest();
    if (asked != null) {
      self.askWork(asked);
    } else {
      triesLeft = 0;
    }
  }

  private void pause(long now) {
    asked = null;
    askAt = now + self.jittered(pauseMillis);
    pauseMillis *= 2;
  }

  /** The known peer with the most left, the latest heard of equals; at random if none has any. */
  private String richest() {
    String best = null;
    int most = 1;
    for (Map.Entry<String, Integer> peer : known.entrySet()) {
      if (peer.getValue() >= most) {
        best = peer.getKey();
        most = peer.getValue();
      }
    }
    return best != null ? best : anyKnown();
  }

  private String anyKnown() {
    if (known.isEmpty() || self.random.nextInt(4) == 0) {
      Machine machine = self.randomOther();
      return machine == null ? null : machine.name();
    }
    int skip = self.random.nextInt(known.size());
    return known.keySet().stream().skip(skip).findFirst().orElseThrow();
  }
}
