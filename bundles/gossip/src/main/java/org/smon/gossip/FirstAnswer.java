// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.LocalPeer;
import org.smon.api.RefusedException;
import org.smon.api.Versions;
import org.smon.wire.Connections;
import org.smon.wire.Ping;

/**
 * The heart beats only once this peer has answered a ping of its own over TLS: who started it waits
 * for the first beat, and so learns that a peer came up that others can talk to. It stops when
 * threads of the peer wait for each other for ever.
 */
final class FirstAnswer {
  private static final int RETRY_MILLIS = 200;
  private static final int TIMEOUT_MILLIS = 2_000;

  private final LocalPeer self;
  private final Documents documents;
  private final Connections connections;
  private final Heartbeat heartbeat;
  private final Events events;
  private final Loop loop;
  private boolean deadlocked;

  FirstAnswer(
      LocalPeer self,
      Documents documents,
      Connections connections,
      Heartbeat heartbeat,
      Events events,
      Loop loop) {
    this.self = self;
    this.documents = documents;
    this.connections = connections;
    this.heartbeat = heartbeat;
    this.events = events;
    this.loop = loop;
  }

  void await(ExecutorService workers) {
    workers.execute(
        () -> {
          if (answers()) {
            events.emit(
                "online",
                self.name(),
                "the peer answers",
                Map.of("pid", Long.toString(self.pid())));
            loop.every(Heartbeat.PERIOD_MILLIS, this::beat);
          } else {
            loop.at(Loop.now() + RETRY_MILLIS, () -> await(workers));
          }
        });
  }

  /** Not while threads of this peer are deadlocked: a fellow that comes restarts it (R13). */
  void beat() {
    Optional<String> deadlock = Deadlock.found();
    if (deadlock.isEmpty()) {
      heartbeat.beat();
    } else if (!deadlocked) {
      events.emit("deadlock", self.name(), deadlock.get(), Map.of());
    }
    deadlocked = deadlock.isPresent();
  }

  /** By its own name, or, where the name leads elsewhere (behind NAT), by the loopback address. */
  private boolean answers() {
    Ping ping =
        Ping.of(self.overlay(), self.name(), self.started().toEpochMilli(), Versions.NONE, 0);
    for (String host : List.of(self.name(), "127.0.0.1")) {
      try {
        Ping pong =
            connections.peer(host, documents.settings().gossipPort(), TIMEOUT_MILLIS).ping(ping);
        if (pong.from().equals(self.name())) {
          return true;
        }
      } catch (RuntimeException | RefusedException e) {
        continue; // not yet, or not by this address
      }
    }
    return false;
  }
}
