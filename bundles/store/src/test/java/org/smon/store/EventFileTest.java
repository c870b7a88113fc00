// SPDX-License-Identifier: Apache-2.0
package org.smon.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Event;

class EventFileTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final Clock STOPPED = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir Path directory;

  @Test
  void anEventReadsBackFromItsLine() {
    Event event =
        new Event(
            NOW,
            "a",
            "claim",
            null,
            "\"quoted\" \\ \n\u0000 \u00e9 \ud83d\ude00",
            Map.of("x", "1", "y", "{}"));
    String line = EventLine.write(event);
    assertEquals(1, line.lines().count());
    assertEquals(Optional.of(event), EventLine.read(line.strip()));
  }

  @Test
  void aLineCutAnywhereIsNoEvent() {
    String line =
        EventLine.write(new Event(NOW, "a", "k", "m", "c", Map.of("x", "\u0001"))).strip();
    IntStream.range(0, line.length())
        .forEach(i -> assertEquals(Optional.empty(), EventLine.read(line.substring(0, i))));
  }

  @Test
  void eventsAreFoundByMachineTimeAndNumber() throws Exception {
    EventFile events = open();
    for (int i = 0; i < 10; i++) {
      events.emit("ping-timeout", i % 2 == 0 ? "even" : "odd", "c" + i, Map.of());
    }
    assertEquals(10, events.query(null, null, 100).size());
    assertEquals(List.of("c7", "c9"), causes(events.query("odd", null, 2)));
    Instant fifth = events.query(null, null, 100).get(4).at();
    assertEquals(List.of("c5", "c7", "c9"), causes(events.query("odd", fifth, 100)));
  }

  @Test
  void eventsOfOneInstantHaveTheirOwnTimesSoThatAfterLosesNone() throws Exception {
    EventFile events = open();
    for (int i = 0; i < 5; i++) {
      events.emit("k", "m", "c" + i, Map.of());
    }
    Instant after = NOW.minusSeconds(1);
    for (int i = 0; i < 5; i++) {
      Event next = events.query(null, after, 100).get(0);
      assertEquals("c" + i, next.cause());
      after = next.at();
    }
    assertEquals(List.of(), events.query(null, after, 100));
  }

  @Test
  void aRestartedProcessKnowsTheEventsAndSurvivesALineCutByACrash() throws Exception {
    open().emit("k", "m", "before", Map.of("x", "y"));
    Files.writeString(
        directory.resolve("events.jsonl"), "{\"at\":\"2026", StandardOpenOption.APPEND);
    EventFile events = open();
    events.emit("k", "m", "after", Map.of());
    assertEquals(List.of("before", "after"), causes(open().query(null, null, 100)));
    assertEquals(Map.of("x", "y"), events.query(null, null, 100).get(0).detail());
  }

  @Test
  void theFilesAreBoundedAndOlderEventsAreReadFromThem() throws Exception {
    EventFile events = open();
    String cause = "x".repeat(1000);
    for (int i = 0; i < 2500; i++) {
      events.emit("k", i == 1500 ? "rare" : "m", cause, Map.of());
    }
    long bytes =
        Files.size(directory.resolve("events.jsonl"))
            + Files.size(directory.resolve("events.1.jsonl"));
    assertTrue(bytes < 2 * EventFile.MOST_BYTES + 2000, bytes + " bytes");
    assertEquals(1, events.query("rare", null, 10).size());
    assertEquals(1200, events.query(null, null, 1200).size());
  }

  @Test
  void anUnwritableLogLosesNoEventOfThisProcess() throws Exception {
    EventFile events = open();
    Files.createDirectory(directory.resolve("events.jsonl"));
    events.emit("k", "m", "kept", Map.of());
    assertEquals(List.of("kept"), causes(events.query("m", null, 10)));
  }

  private EventFile open() throws IOException {
    return new EventFile(directory, "me", STOPPED);
  }

  private static List<String> causes(List<Event> events) {
    return events.stream().map(Event::cause).toList();
  }
}
