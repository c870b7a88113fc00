// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smon.api.LocalPeer;

/**
 * The sign of life that a visitor over ssh believes (a peer alive by its own account is never
 * restarted): {@code pid startMillis nowMillis}. Beaten by the gossip thread, so that a frozen
 * protocol shows; not by State, because it may be lost in a crash and is written every few seconds.
 */
final class Heartbeat {
  static final int PERIOD_MILLIS = 5_000;

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private final LocalPeer self;
  private final Path file;

  Heartbeat(LocalPeer self) {
    this.self = self;
    this.file = self.root().resolve("state").resolve("heartbeat");
  }

  /**
   * In place and always of one length: the file keeps the room it has, so that a full disk does not
   * make a live peer look frozen.
   */
  void beat() {
    String line =
        "%-10d %-19d %-19d%n"
            .formatted(self.pid(), self.started().toEpochMilli(), System.currentTimeMillis());
    try {
      Files.createDirectories(file.getParent());
      try (SeekableByteChannel beats =
          Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        beats.write(StandardCharsets.US_ASCII.encode(line));
      }
    } catch (IOException e) {
      LOG.warn("cannot write the heartbeat {}: {}; is the disk full?", file, e.toString());
    }
  }
}
