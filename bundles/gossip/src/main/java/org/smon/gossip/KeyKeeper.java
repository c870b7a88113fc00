// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.LocalPeer;
import org.smon.api.Machine;
import org.smon.api.OverlayChannel;
import org.smon.api.RefusedException;
import org.smon.wire.Connections;
import org.smon.wire.KeyExchange;

/**
 * Sees to it that this peer holds the keys that the keyring in force names (R41): asks a random
 * fellow for what is missing, and takes what a visitor over ssh has left in {@code keys/}. On a
 * thread of its own: while K_E changes, those that wait for silent fellows are all busy.
 */
final class KeyKeeper implements AutoCloseable {
  static final int PERIOD_MILLIS = 2_000;

  /** A keyring document that stage 0 leaves for a peer that lives. */
  private static final String HANDED = "handed";

  private final LocalPeer self;
  private final Documents documents;
  private final OverlayChannel channel;
  private final Connections connections;
  private final Courier courier;
  private final Events events;
  private final KeyExchange exchange;
  private final Path handed;
  private final Random random = new SecureRandom();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "smon-keys"));
  private List<String> told;

  KeyKeeper(
      LocalPeer self,
      Documents documents,
      OverlayChannel channel,
      Connections connections,
      Courier courier,
      Events events) {
    this.self = self;
    this.documents = documents;
    this.channel = channel;
    this.connections = connections;
    this.courier = courier;
    this.events = events;
    exchange = new KeyExchange(documents, channel);
    handed = self.root().resolve("keys").resolve(HANDED);
    told = channel.trusted();
  }

  /** Looks now, and again a period after each look, until it is closed. */
  void keep() {
    thread.scheduleWithFixedDelay(this::guardedLook, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void guardedLook() {
    try {
      look();
    } catch (RuntimeException e) { // or it would be the last look
      events.emit("refuse", self.name(), "keys cannot be looked after: " + e, Map.of());
    }
  }

  void look() {
    takeHanded();
    seek();
    tell();
  }

  private void seek() {
    if (!channel.missing().isEmpty()) {
      channel.refresh();
    }
    if (!channel.missing().isEmpty()) {
      askAnybody();
    }
  }

  private void takeHanded() {
    try {
      if (Files.exists(handed)) {
        String text = Files.readString(handed, StandardCharsets.ISO_8859_1);
        courier.handed(text, "a visitor over ssh");
        Files.delete(handed);
      }
    } catch (IOException e) {
      events.emit("refuse", self.name(), "keyring left by a visitor: " + e.getMessage(), Map.of());
    }
  }

  private void askAnybody() {
    List<Machine> machines = documents.list().machines();
    String machine =
        machines.isEmpty() ? self.name() : machines.get(random.nextInt(machines.size())).name();
    if (machine.equals(self.name())) {
      return;
    }
    try {
      int port = documents.settings().gossipPort();
      int patience = documents.settings().pingTimeoutMillis();
      exchange.seek(connections.peer(machine, port, patience)::key);
    } catch (RuntimeException | RefusedException e) {
      events.emit("fetch", machine, "key did not come: " + Courier.reason(e), Map.of());
    }
  }

  private void tell() {
    List<String> trusted = channel.trusted();
    if (trusted.equals(told)) {
      return;
    }
    told = trusted;
    String id = channel.keyId();
    events.emit(
        "rekey",
        self.name(),
        "speaks under key %s, trusts %d"
            .formatted(id.substring(0, Math.min(8, id.length())), trusted.size()),
        Map.of("keyring", Long.toString(channel.keyring())));
  }
}
