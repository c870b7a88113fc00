// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Keyring;
import org.smon.api.RefusedException;
import org.smon.api.Versions;
import org.smon.security.KeyFolder;
import org.smon.security.OverlayKey;
import org.smon.wire.KeyMessage;
import org.smon.wire.Ping;

/** R41: a keyring document travels like any other, and the bytes that it names after it. */
class KeyRotationTest {
  private final OverlayKey next = OverlayKey.generate();

  @TempDir Path directory;

  @Test
  void threePhasesBringAllPeersFromTheOldKeyToTheNewOne() {
    try (World world = running(8)) {
      Keyring install = founding(world).install(next.keyId());
      publish(world, "m3", 1, install);
      assertTrue(world.channels.get("m3").take(next.bytes()));
      awaitTrusted(world, List.of(world.key.keyId(), next.keyId()));
      publish(world, "m5", 2, install.following());
      awaitTrusted(world, List.of(next.keyId(), world.key.keyId()));
      publish(world, "m0", 3, install.following().following());
      awaitTrusted(world, List.of(next.keyId()));
      assertTrue(world.channels.values().stream().allMatch(channel -> channel.keyring() == 3));
    }
  }

  @Test
  void aPeerThatLacksAKeyDoesNotClaimTheKeyringSoThatItIsBrought() throws Exception {
    try (World world = running(1)) {
      GossipPeer peer = world.peers.get("m0");
      publish(world, "m0", 1, founding(world).install(next.keyId()));
      Ping ping = Ping.of(world.genesis.hash(), "client", 0, Versions.NONE, 0);
      assertEquals(0, peer.ping(ping).versions().counter(DocumentType.KEYRING));
      peer.offerKey(new KeyMessage(next.bytes()));
      assertEquals(1, peer.ping(ping).versions().counter(DocumentType.KEYRING));
    }
  }

  @Test
  void afterALeakTheKeyringSpreadsButTheKeyDoesNot() {
    try (World world = running(4)) {
      publish(world, "m1", 1, Keyring.afterLeak(next.keyId()));
      assertTrue(world.channels.get("m1").take(next.bytes())); // as a visitor over ssh brings it
      await(() -> world.documents.values().stream().allMatch(held -> counter(held) == 1));
      GossipPeer bearer = world.peers.get("m1");
      assertRefused("ssh alone", () -> bearer.key(next.keyId()));
      GossipPeer other = world.peers.get("m2");
      assertRefused("ssh alone", () -> other.offerKey(new KeyMessage(next.bytes())));
      assertEquals(List.of(next.keyId()), world.channels.get("m2").missing());
      assertEquals(List.of(world.key.keyId()), world.channels.get("m2").trusted());
    }
  }

  @Test
  void aLivingPeerTakesWhatAVisitorLeft() throws Exception {
    try (World world = running(1)) {
      Document keyring = keyring(world, 1, Keyring.afterLeak(next.keyId()));
      Path keys = directory.resolve("m0/keys");
      handOver(keys, keyring.text());
      new KeyFolder(keys).add(next);
      awaitTrusted(world, List.of(next.keyId()));
      await(() -> !Files.exists(keys.resolve("handed")));
      assertFalse(Files.exists(keys.resolve(world.key.keyId())), "the old key is still there");
    }
  }

  @Test
  void rubbishLeftByAVisitorIsThrownAway() throws Exception {
    try (World world = running(1)) {
      Path handed = handOver(directory.resolve("m0/keys"), "rubbish \u00ff");
      await(() -> !Files.exists(handed));
      assertEquals(List.of(world.key.keyId()), world.channels.get("m0").trusted());
    }
  }

  @Test
  void keysThatNobodyNamesAreNotTaken() throws Exception {
    try (World world = running(1)) {
      GossipPeer peer = world.peers.get("m0");
      publish(world, "m0", 1, founding(world).install(next.keyId()));
      byte[] other = OverlayKey.generate().bytes();
      assertEquals(List.of(next.keyId()), peer.offerKey(new KeyMessage(other)).missing());
      assertEquals(List.of(), peer.offerKey(new KeyMessage(next.bytes())).missing());
      assertRefused("32 bytes", () -> peer.offerKey(new KeyMessage(new byte[31])));
      assertRefused("incomplete", () -> peer.offerKey(null));
      assertRefused("not here", () -> peer.key("../../etc/passwd"));
      assertRefused("not here", () -> peer.key("ab".repeat(32)));
    }
  }

  /** By one rename, as stage 0 does: a peer that looks meanwhile sees none or the whole. */
  private static Path handOver(Path keys, String text) throws IOException {
    Path whole = Files.writeString(keys.resolve("handed.tmp"), text);
    return Files.move(whole, keys.resolve("handed"));
  }

  private interface Call {
    void run() throws RefusedException;
  }

  private static void assertRefused(String reason, Call call) {
    RefusedException refused = assertThrows(RefusedException.class, call::run);
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
  }

  private World running(int peers) {
    List<String> names = IntStream.range(0, peers).mapToObj(i -> "m" + i).toList();
    World world = new World(directory, names);
    names.forEach(world::start);
    return world;
  }

  private static Keyring founding(World world) {
    return Keyring.of(world.key.keyId());
  }

  private static Document keyring(World world, long counter, Keyring keyring) {
    return new Document(
        DocumentType.KEYRING,
        world.genesis.hash(),
        counter,
        List.of(),
        World.AT,
        keyring.body(),
        List.of());
  }

  private static void publish(World world, String at, long counter, Keyring keyring) {
    world.documents.get(at).offer(keyring(world, counter, keyring));
  }

  private static long counter(World.HeldInMemory held) {
    return held.versions().counter(DocumentType.KEYRING);
  }

  private static void awaitTrusted(World world, List<String> ids) {
    await(() -> world.channels.values().stream().allMatch(c -> c.trusted().equals(ids)));
  }

  private static void await(BooleanSupplier condition) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(5_000_000);
          }
        });
  }
}
