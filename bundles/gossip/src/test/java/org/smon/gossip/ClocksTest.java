// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.smon.api.VisitReport;
import org.smon.wire.EventsQuery;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.StatusPart.Sighting;

/** Clocks of machines may be years apart; nothing is decided by comparing two of them. */
class ClocksTest {
  private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
  private static final Duration YEAR = Duration.ofDays(366);

  @Test
  void aSightingIsToldForTwoMinutesByTheClockThatNeverGoesBack() {
    AtomicLong nanos = new AtomicLong();
    Sightings sightings = new Sightings(nanos::get);
    sightings.visited(
        new VisitReport("m1", VisitReport.Outcome.REFUSED, VisitReport.Step.LOGIN, "no pin", 1, 0));
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(119));
    assertEquals(List.of(State.refused), sightings.fresh().stream().map(Sighting::state).toList());
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    assertEquals(List.of(), sightings.fresh());
  }

  @Test
  void theLastSecondsOfEventsAreThoseByTheClockOfWhoHasThem() {
    EventsQuery recent = new EventsQuery(null, null, 10, List.of(), 5_000L);
    assertEquals(NOW.minusSeconds(5), recent.since(NOW));
    assertEquals(NOW.minus(YEAR).minusSeconds(5), recent.since(NOW.minus(YEAR)));
    assertEquals(Instant.EPOCH, new EventsQuery(null, null, 10, null).since(NOW));
    EventsQuery both = new EventsQuery(null, NOW, 10, null, 5_000L);
    assertEquals(NOW, both.since(NOW.plusSeconds(1)));
    assertEquals(List.of("m1"), recent.of(List.of("m1")).peers());
    assertEquals(5_000L, recent.of(List.of("m1")).lastMillis());
  }
}
