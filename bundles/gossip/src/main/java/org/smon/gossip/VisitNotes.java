// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smon.api.LocalPeer;
import org.smon.api.Work;

/** What the visitors who installed this peer left in its state directory: plain one-line files. */
final class VisitNotes {
  private static final Logger LOG = LoggerFactory.getLogger(VisitNotes.class);

  private final Path directory;

  VisitNotes(LocalPeer self) {
    this.directory = self.root().resolve("state");
  }

  /** "client", or the machine whose peer did it. */
  Optional<String> deployedBy() {
    return line("deployedBy");
  }

  /** Times the payload was sent here since the last wipe. */
  Optional<Integer> copies() {
    return line("copies").flatMap(VisitNotes::number);
  }

  /** Claims tried here since the last wipe. */
  Optional<Integer> attempts() {
    return line("attempts").flatMap(VisitNotes::number);
  }

  /** The share put beside the first peer; taken once, so that a restart does not walk it again. */
  Optional<Work> takeWork() {
    Optional<Work> work = line("work").flatMap(Work::ofLine);
    try {
      Files.deleteIfExists(directory.resolve("work"));
    } catch (IOException e) {
      LOG.warn("cannot remove the share that was taken: {}", e.toString());
    }
    return work;
  }

  private Optional<String> line(String name) {
    Path file = directory.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    } catch (IOException e) {
      LOG.warn("cannot read {}: {}", file, e.toString());
      return Optional.empty();
    }
  }

  private static Optional<Integer> number(String line) {
    return line.matches("[0-9]{1,9}") ? Optional.of(Integer.valueOf(line)) : Optional.empty();
  }
}
