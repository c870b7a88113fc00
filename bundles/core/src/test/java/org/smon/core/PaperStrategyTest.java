// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smon.api.Versions;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

class PaperStrategyTest {
  private final Bench bench = Bench.paper(2);

  @Test
  void aRoundIsOnePingAndThenAWait() {
    assertEquals(List.of("ping m1"), bench.start(null, null));
    bench.pong(Versions.NONE, 0);
    assertEquals(bench.now + Bench.WAIT, bench.effects.wakeAt());
    assertEquals(List.of("ping m1"), bench.wake());
  }

  @Test
  void silenceIsFollowedByAVisitAtOnceAndOnlyThenByTheWait() {
    bench.start(null, null);
    assertEquals(List.of("visit m1"), bench.lost());
    bench.now += 60_000;
    bench.visited(bench.effects.lastToken(), "m1", Outcome.FAILED, Step.COPY);
    assertEquals(bench.now + Bench.WAIT, bench.effects.wakeAt());
  }

  @Test
  void withLivetagFalseNothingIsPinged() {
    bench.core.start(bench.now, bench.held(1, false), null, null);
    assertEquals(List.of(), bench.effects.taken());
    assertEquals(bench.now + 600_000, bench.effects.wakeAt(), "only the end of the quiet time");
  }
}
