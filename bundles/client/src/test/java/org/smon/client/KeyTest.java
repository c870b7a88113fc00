// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.agent.FirstUse;
import org.smon.api.AgentAddress;
import org.smon.api.DocumentType;
import org.smon.api.Keyring;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.security.KeChannel;
import org.smon.security.OverlayKey;
import org.smon.transport.CxfConnections;
import org.smon.wire.StatusQuery;

/** R41 as the operator sees it, against a peer and an agent over the real K_E channel. */
class KeyTest {
  private static final String MACHINE = "127.0.0.1";

  @TempDir private Path user;
  private ClientHome home;
  private OverlayKey old;
  private Cli cli;
  private KeyPeer peer;
  private int port;

  @BeforeEach
  void foundAnOverlayOfOne() throws IOException {
    port = unused();
    home = ClientHome.create(user.resolve("the home"), new NewOverlay("lab", port, "op"));
    cli = new Cli(user).with("SMON_HOME", home.directory().toString());
    MachineList list = new MachineList(List.of(Machine.parse(MACHINE + ":1")), List.of());
    home.sign(DocumentType.LIST, list.body());
    old = home.keys().keys().values().iterator().next();
    peer = new KeyPeer(MACHINE, user.resolve("peer"), home);
    Files.writeString(home.lastPeerFile(), MACHINE + "\n");
  }

  @AfterEach
  void close() {
    peer.close();
  }

  @Test
  void rotationEndsWithTheOldKeyRefusedAndGone() throws IOException {
    String told = cli.run("key", "rotate").exits(0).out();
    assertEquals(3, told.lines().filter(line -> line.contains(" of 3")).count(), told);
    assertEquals(3, peer.channel.keyring());
    assertNotEquals(old.keyId(), peer.channel.keyId());
    assertEquals(Set.of(peer.channel.keyId()), home.keys().keys().keySet());
    assertRefused(old);
    cli.run("status").exits(0);
  }

  @Test
  void theListingNamesKeysAndTellsNone() throws IOException {
    String before = cli.run("key", "list").exits(0).out();
    assertTrue(before.contains(old.keyId().substring(0, 16)), before);
    assertTrue(before.contains("never rotated; 1 of 1 peers"), before);
    cli.run("key", "rotate").exits(0);
    String json = cli.run("key", "list", "--json").exits(0).out();
    assertTrue(json.contains("\"keyring\": 3"), json);
    assertTrue(json.contains(peer.channel.keyId()), json);
    assertFalse(json.contains(secret(peer.channel.keyId())), "a key is told");
  }

  @Test
  void aRotationThatWasStoppedGoesOnWithTheKeyItMade() {
    peer.deaf = true;
    String told = cli.run("key", "rotate", "--timeout", "1").exits(3).err();
    assertTrue(told.contains("behind: " + MACHINE), told);
    assertTrue(told.contains("run `smon key rotate` again".replace("run", "Run")), told);
    String next = ClientHome.open(home.directory()).documents().keyring().next();
    peer.deaf = false;
    assertTrue(cli.run("key", "rotate").exits(0).out().contains("going on"));
    assertEquals(next, peer.channel.keyId());
  }

  @Test
  void aNewerKeyringOfAnotherHomeIsFetchedWithItsKeyAndNotOverruled() throws IOException {
    OverlayKey theirs = OverlayKey.generate();
    ClientHome other = ClientHome.open(home.directory());
    // Signed twice elsewhere, while this home knows of none.
    Keyring installing = Keyring.of(old.keyId()).install(theirs.keyId());
    var operator = other.operator();
    var first =
        org.smon.api.Document.first(
                DocumentType.KEYRING,
                other.documents().overlayId(),
                installing.body(),
                java.time.Instant.EPOCH)
            .signedBy(operator.privateKey(), operator.publicKey());
    var second =
        first
            .next(installing.body(), java.time.Instant.EPOCH)
            .signedBy(operator.privateKey(), operator.publicKey());
    peer.documents.offer(first);
    peer.documents.offer(second);
    assertTrue(peer.channel.take(theirs.bytes()));
    String told = cli.run("key", "rotate").exits(1).err();
    assertTrue(told.contains("newer keyring"), told);
    assertTrue(home.keys().keys().containsKey(theirs.keyId()), "its key did not come");
    cli.run("key", "rotate").exits(0);
    assertEquals(List.of(theirs.keyId()), peer.channel.trusted());
  }

  @Test
  void anAgentOfAnotherHomeFollowsAndOneThatIsDownStopsARotation() throws IOException {
    ClientHome far = elsewhere();
    AgentAddress address;
    try (RunningAgent agent = agentOf(far)) {
      address = agent.identity().at(MACHINE, agent.port());
      name(address);
      cli.run("key", "rotate").exits(0);
      try (CxfConnections now = new CxfConnections(peer.channel)) {
        long by = now.agent(MACHINE, agent.port(), address.publicKey(), 5_000).identity().keyring();
        assertEquals(3, by);
      } catch (org.smon.api.RefusedException e) {
        throw new AssertionError(e);
      }
    }
    String told = cli.run("key", "rotate").exits(1).err();
    assertTrue(told.contains(address.address()), told);
    assertEquals(3, peer.channel.keyring(), "nothing was begun");
  }

  @Test
  void anAgentOfThisHomeSeesALeakedKeyReplacedWithoutBeingTold() throws Exception {
    try (RunningAgent agent = agentOf(home)) {
      AgentAddress address = agent.identity().at(MACHINE, agent.port());
      name(address);
      // No machine can be reached by ssh here, so it ends without the peer; not without the agent,
      // which looks at its files twice a second.
      String told = cli.run("key", "rotate", "--leaked", "--timeout", "8").exits(3).err();
      assertTrue(told.contains(MACHINE), told);
      assertEquals(List.of(old.keyId()), peer.channel.trusted(), "the key came by another way");
      try (CxfConnections thief = new CxfConnections(new KeChannel(old))) {
        var asked = thief.agent(MACHINE, agent.port(), address.publicKey(), 5_000);
        assertThrows(UncheckedIOException.class, asked::identity);
      }
    }
  }

  @Test
  void withoutPeersALiveOverlayIsNotCutOff() throws IOException {
    peer.close();
    String told = cli.run("key", "rotate").exits(1).err();
    assertTrue(told.contains("--leaked"), told);
    assertEquals(Set.of(old.keyId()), home.keys().keys().keySet());
  }

  @Test
  void beforeTheFirstDeploymentTheKeyIsSimplyReplaced() throws IOException {
    Files.delete(home.lastPeerFile());
    peer.close();
    cli.run("key", "rotate").exits(0);
    assertFalse(home.keys().keys().containsKey(old.keyId()));
    assertTrue(cli.run("key", "list").exits(0).out().contains("keyring 1; no peer answers"));
  }

  private RunningAgent agentOf(ClientHome where) throws IOException {
    return RunningAgent.start(
        where,
        List.of(AgentIdentity.of(where).enrolment()),
        new PasswordOptions(),
        FirstUse.NEVER,
        MACHINE,
        0,
        user.resolve("audit.jsonl"));
  }

  private ClientHome elsewhere() throws IOException {
    Path there = user.resolve("far home");
    for (String part : List.of("keys", "documents")) {
      Files.createDirectories(there.resolve(part));
      try (var files = Files.list(home.directory().resolve(part))) {
        for (Path file : files.toList()) {
          Files.copy(file, there.resolve(part).resolve(file.getFileName()));
        }
      }
    }
    return ClientHome.open(there);
  }

  private void name(AgentAddress agent) {
    ClientHome writing = ClientHome.open(home.directory());
    var settings = writing.documents().settings().withAgents(List.of(agent));
    peer.documents.offer(writing.sign(DocumentType.SETTINGS, settings.body()));
  }

  private void assertRefused(OverlayKey key) {
    try (CxfConnections thief = new CxfConnections(new KeChannel(key))) {
      var asked = thief.peer(MACHINE, port, 5_000);
      assertThrows(UncheckedIOException.class, () -> asked.status(new StatusQuery(null, 1_000)));
    }
  }

  private String secret(String id) throws IOException {
    return Files.readString(home.keys().file(id)).strip();
  }

  private static int unused() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(MACHINE))) {
      return socket.getLocalPort();
    }
  }
}
