// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.util.concurrent.Semaphore;
import org.smon.api.Documents;
import org.smon.api.LocalPeer;
import org.smon.api.RefusedException;
import org.smon.api.Settings;
import org.smon.wire.Connections;
import org.smon.wire.Ping;
import org.smon.wire.ProbeAnswer;
import org.smon.wire.ProbeMessage;

/**
 * Pings a third machine for a peer that does not hear from it (R16). Blocks the asking request for
 * a ping time-out at most; a few at a time, so that the listener's threads do not run out when many
 * machines are lost at once.
 */
final class Probes {
  private static final int AT_ONCE = 4;

  private final Semaphore free = new Semaphore(AT_ONCE);
  private final LocalPeer self;
  private final Documents documents;
  private final Connections connections;
  private final Driver driver;

  Probes(LocalPeer self, Documents documents, Connections connections, Driver driver) {
    this.self = self;
    this.documents = documents;
    this.connections = connections;
    this.driver = driver;
  }

  ProbeAnswer answer(ProbeMessage request) throws RefusedException {
    if (!documents.list().contains(request.machine())) {
      throw new RefusedException("machine " + request.machine() + " is not in the list");
    }
    if (!documents.livetag().value()) { // a ping of this peer would keep others up (R27)
      throw new RefusedException("livetag is false here, so this peer pings nobody");
    }
    if (!free.tryAcquire()) {
      throw new RefusedException("this peer pings enough machines for others; ask again");
    }
    try {
      return driver.answer(request, answers(request.machine(), request.from()));
    } finally {
      free.release();
    }
  }

  private boolean answers(String machine, String asker) {
    Settings settings = documents.settings();
    Ping ping =
        Ping.of(
                self.overlay(),
                self.name(),
                self.started().toEpochMilli(),
                documents.versions(),
                driver.workLeft())
            .withSuspectedBy(asker);
    try {
      connections.peer(machine, settings.gossipPort(), settings.pingTimeoutMillis()).ping(ping);
      return true;
    } catch (RuntimeException | RefusedException e) {
      return false;
    }
  }
}
