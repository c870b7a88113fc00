// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

  void beat() {
    Path fresh = file.resolveSibling("heartbeat.new");
    String line =
        "%d %d %d%n"
            .formatted(self.pid(), self.started().toEpochMilli(), System.currentTimeMillis());
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(fresh, line);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("cannot write the heartbeat {}: {}; is the disk full?", file, e.toString());
    }
  }
}
