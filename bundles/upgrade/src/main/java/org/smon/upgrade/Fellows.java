// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.LocalPeer;
import org.smon.api.RefusedException;
import org.smon.api.Release.Blob;
import org.smon.wire.Connections;
import org.smon.wire.PeerApi;
import org.smon.wire.RolloutMessage;

/** What this peer says to others about a release, and gets of it from them. Blocks. */
final class Fellows {
  private static final int TIMEOUT_MILLIS = 3_000;

  private final LocalPeer self;
  private final Documents documents;
  private final Connections connections;
  private final Events events;

  Fellows(LocalPeer self, Documents documents, Connections connections, Events events) {
    this.self = self;
    this.documents = documents;
    this.connections = connections;
    this.events = events;
  }

  /** Exchanges marks. */
  RolloutMessage exchange(String machine, RolloutMessage mine) throws RefusedException {
    return peer(machine).rollout(mine);
  }

  /** Fetches what is missing of a release from a machine that has it; goes on where it was left. */
  void fetch(String machine, List<Blob> missing, Depot depot) {
    PeerApi peer = peer(machine);
    for (Blob blob : missing) {
      try {
        long from = depot.begun(blob);
        try (InputStream content = peer.blob(blob.sha256(), from)) {
          depot.append(blob, from, content);
        }
        events.emit(
            "fetch",
            self.name(),
            blob.path() + " from " + machine,
            Map.of("bytes", Long.toString(blob.size() - from)));
      } catch (RefusedException | UncheckedIOException | IOException e) {
        events.emit(
            "fetch",
            self.name(),
            blob.path() + " from " + machine + ": " + e.getMessage(),
            Map.of());
        return;
      }
    }
  }

  /** One's own endpoint, by one's name or, behind NAT, by the loopback address. */
  PeerApi own(String host) {
    return peer(host);
  }

  private PeerApi peer(String machine) {
    return connections.peer(machine, documents.settings().gossipPort(), TIMEOUT_MILLIS);
  }
}
