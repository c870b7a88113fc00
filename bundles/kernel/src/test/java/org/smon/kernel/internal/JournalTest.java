// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.kernel.Order;
import org.smon.kernel.Outcome;
import org.smon.kernel.internal.Journal.Installed;

/** Wherever a process ends, the next one finds a set that proved good (R23, R54). */
class JournalTest {
  private static final String OLD = "a".repeat(64);
  private static final String NEW = "b".repeat(64);
  private static final String RUNTIME = "c".repeat(64);
  private static final Order ORDER = new Order(NEW, 5_000, 6_000, "fellows agent");

  @TempDir private Path root;
  private Journal journal;

  @BeforeEach
  void install() throws IOException {
    Files.createDirectories(root.resolve("state"));
    Files.createDirectories(root.resolve("base"));
    Files.writeString(root.resolve("base/data.of"), "what data/ belongs to");
    Files.writeString(root.resolve("state/installed"), OLD + " " + RUNTIME + "\n");
    Files.writeString(
        root.resolve("state/release-" + NEW),
        """
        smon document 1
        version 1.0.1
        blob %s 12 bundle org/smon/smon-features/1.0.1/smon-features-1.0.1-features.xml
        blob %s 34 runtime runtime.tar.gz
        """
            .formatted("d".repeat(64), RUNTIME));
    journal = new Journal(root);
  }

  /** What the process after a crash would find. */
  private Journal next() {
    return new Journal(root);
  }

  @Test
  void anOrderIsOnDiskAsItWasGiven() throws IOException {
    journal.begin(ORDER);
    assertEquals(Optional.of(ORDER), next().trial());
    assertEquals(Optional.of(new Installed(OLD, RUNTIME)), next().installed());
  }

  @Test
  void whileATrialRunsKarafsOwnDataIsGoodForNoStart() throws IOException {
    journal.begin(ORDER);
    assertFalse(Files.exists(root.resolve("base/data.of")));
  }

  @Test
  void anAdoptedSetIsTheOneThatIsStartedAndTheOneBeforeIsKnown() throws IOException {
    journal.begin(ORDER);
    journal.adopt(new Installed(NEW, RUNTIME));
    assertEquals(Optional.of(new Installed(NEW, RUNTIME)), next().installed());
    assertEquals(OLD + " " + RUNTIME, Files.readString(root.resolve("state/previous")).strip());
    assertEquals(Optional.empty(), next().trial());
    assertEquals(Optional.of(new Outcome(NEW, null)), next().untold());
    assertEquals(0, next().tried(NEW));
  }

  @Test
  void whatIsAdoptedASecondTimeLeavesTheOneBeforeAsItWas() throws IOException {
    journal.adopt(new Installed(NEW, RUNTIME));
    journal.adopt(new Installed(NEW, RUNTIME));
    assertTrue(Files.readString(root.resolve("state/previous")).startsWith(OLD));
  }

  @Test
  void aRefusedSetLeavesWhatIsStartedAlone() throws IOException {
    journal.begin(ORDER);
    journal.refuse(NEW, "component x failed");
    assertEquals(Optional.of(new Installed(OLD, RUNTIME)), next().installed());
    assertEquals(Optional.empty(), next().trial());
    assertEquals(Optional.of(new Outcome(NEW, "component x failed")), next().untold());
  }

  @Test
  void anOutcomeIsKeptUntilItIsTold() throws IOException {
    journal.refuse(NEW, "no");
    assertTrue(next().untold().isPresent());
    journal.told();
    assertEquals(Optional.empty(), next().untold());
  }

  @Test
  void trialsThatWereCutShortAreCountedByRelease() throws IOException {
    journal.begin(ORDER);
    next().abandon();
    assertEquals(1, next().tried(NEW));
    next().begin(ORDER);
    assertEquals(2, next().tried(NEW));
    assertEquals(0, next().tried(OLD));
    next().begin(new Order(OLD, 1, 1, ""));
    assertEquals(1, next().tried(OLD));
  }

  @Test
  void aManifestNamesItsFeaturesAndItsRuntime() throws IOException {
    assertEquals("1.0.1", journal.features(NEW));
    assertEquals(RUNTIME, journal.runtime(NEW));
    assertEquals(Optional.empty(), journal.jre(NEW));
    assertTrue(journal.knows(NEW));
    assertFalse(journal.knows(OLD));
    assertThrows(IOException.class, () -> journal.features(OLD));
  }

  @Test
  void aFileLeftHalfWrittenChangesNothing() throws IOException {
    Files.writeString(root.resolve("state/installed.new"), "bbbb");
    assertEquals(Optional.of(new Installed(OLD, RUNTIME)), next().installed());
    next().adopt(new Installed(NEW, RUNTIME));
    assertEquals(Optional.of(new Installed(NEW, RUNTIME)), next().installed());
  }

  @Test
  void anOrderThatCannotBeReadBackIsNotTaken() {
    assertThrows(IllegalArgumentException.class, () -> new Order("x", 1, 1, ""));
    assertThrows(IllegalArgumentException.class, () -> new Order(NEW, -1, 1, ""));
    assertThrows(IllegalArgumentException.class, () -> new Order(NEW, 1, 0, ""));
    assertThrows(IllegalArgumentException.class, () -> new Order(NEW, 1, 1, "two\nlines"));
  }
}
