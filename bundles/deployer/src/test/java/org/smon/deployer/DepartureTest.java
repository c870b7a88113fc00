// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.DocumentType;
import org.smon.api.LocalPeer;
import org.smon.api.Machine;

/** What a machine's newest documents have its own dispatcher do. */
class DepartureTest {
  private record Here(String name, String overlay, Path root, long pid, Instant started)
      implements LocalPeer {}

  @TempDir private Path root;
  private final Overlay overlay = new Overlay("ssh-ed25519 AAAA");
  private final EventList events = new EventList();

  @BeforeEach
  void makeRoot() throws IOException {
    Files.createDirectories(root.resolve("log"));
    Files.writeString(
        root.resolve("dispatch"),
        "echo \"$1\" >\"${0%/*}/ran.new\"; mv \"${0%/*}/ran.new\" \"${0%/*}/ran\"\n");
    overlay.list(Machine.parse("a"), Machine.parse("b"));
  }

  private Departure departure(String name) {
    return new Departure(
        new Here(name, overlay.genesis.hash(), root, 7, Instant.EPOCH), overlay.held(), events, 0);
  }

  private void assertRuns(String verb) throws IOException {
    Path ran = root.resolve("ran");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!Files.exists(ran)) {
      assertTrue(System.nanoTime() < deadline, "nothing was run");
      Thread.onSpinWait();
    }
    assertEquals(verb + "\n", Files.readString(ran));
  }

  @Test
  void aMachineThatTheListDoesNotNameLeavesAndSaysSo() throws IOException {
    Departure departure = departure("c");
    assertRuns("leave");
    departure.close();
    assertEquals(List.of("removed"), events.all.stream().map(event -> event.kind()).toList());
  }

  @Test
  void aMachineOfTheListLooksAfterItsStartAtBootWhenSettingsChange() throws IOException {
    try (Departure departure = departure("a")) {
      departure.adopted(overlay.document(DocumentType.LIST));
      departure.adopted(overlay.document(DocumentType.SETTINGS));
      assertRuns("autostart");
    }
    assertEquals(List.of(), events.all);
  }
}
