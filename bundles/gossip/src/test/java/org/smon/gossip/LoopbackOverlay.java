// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.smon.api.Blobs;
import org.smon.api.Deployer;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Keyring;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.RefusedException;
import org.smon.api.Releases;
import org.smon.api.Settings;
import org.smon.api.VisitReport;
import org.smon.membership.HeldDocuments;
import org.smon.security.KeChannel;
import org.smon.security.KeyFolder;
import org.smon.security.OperatorTrust;
import org.smon.security.OverlayKey;
import org.smon.security.SigningKey;
import org.smon.store.FileState;
import org.smon.transport.CxfConnections;
import org.smon.transport.OverlayListener;
import org.smon.wire.AgentApi;
import org.smon.wire.Connections;
import org.smon.wire.KeyMessage;
import org.smon.wire.PeerApi;

/**
 * Peers in one process that lack nothing but Karaf: the real core, signed documents on disk, TLS
 * under K_E on 127.0.1.1 and up. CXF keeps its servers by port, so here each peer has its own.
 */
final class LoopbackOverlay implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int MOST_PORTS = 5;

  private final OverlayKey key = OverlayKey.generate();
  private final SigningKey operator = SigningKey.generate();
  private final Document genesis;
  private final Document list;
  private CxfConnections client;
  private final List<Member> members = new ArrayList<>();
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();
  private Document livetag;
  private Document keyring;

  /** Whose processes would have ended. */
  final List<String> ended = new CopyOnWriteArrayList<>();

  private record Member(
      HeldDocuments documents,
      KeChannel channel,
      CxfConnections out,
      OverlayListener in,
      GossipPeer peer,
      Path heartbeat) {}

  LoopbackOverlay(Path directory, int size) throws IOException {
    Settings settings =
        new Settings(
            "loopback",
            List.of(operator.publicText()),
            List.of(),
            "nobody",
            Settings.DEFAULT_PORT,
            new KeChannel(key).keyId(),
            Settings.DEFAULT_WAIT_MILLIS,
            Settings.DEFAULT_PING_TIMEOUT_MILLIS);
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    genesis = signed(Document.genesis(settings.body(), now));
    List<Machine> machines =
        IntStream.rangeClosed(1, size).mapToObj(i -> Machine.parse("127.0.1." + i)).toList();
    String body = new MachineList(machines, List.of()).body();
    list = signed(Document.first(DocumentType.LIST, genesis.hash(), body, now));
    livetag =
        signed(Document.first(DocumentType.LIVETAG, genesis.hash(), Livetag.on().body(), now));
    client = new CxfConnections(new KeChannel(key));
    for (Machine machine : machines) {
      members.add(start(machine.name(), directory.resolve(machine.name())));
    }
  }

  private Member start(String name, Path root) throws IOException {
    FileState state = new FileState(Files.createDirectories(root.resolve("state")));
    HeldDocuments documents = HeldDocuments.found(state, new OperatorTrust(), genesis);
    documents.offer(list);
    documents.offer(livetag);
    KeyFolder keys = new KeyFolder(root.resolve("keys"));
    keys.add(key);
    KeChannel channel = new KeChannel(keys, documents, SigningKey.generate().pair(), true);
    CxfConnections out = new CxfConnections(channel);
    World.Here here =
        new World.Here(name, genesis.hash(), root, ProcessHandle.current().pid(), Instant.now());
    GossipPeer peer =
        new GossipPeer(
            here,
            documents,
            Releases.newest(documents),
            new NoBlobs(),
            new World.Log(name),
            new ByOwnPort(out),
            channel,
            livesAnyway(),
            (host, port, millis) -> Reach.TCP.accepts(host, portOf(host), millis),
            () -> ended.add(name));
    OverlayListener in = listener(channel, name, peer);
    channel.onChange(() -> in.reload(channel));
    ports.put(name, in.port());
    return new Member(documents, channel, out, in, peer, root.resolve("state/heartbeat"));
  }

  /** At a port that no other one here has: of another address it may be given a second time. */
  private static OverlayListener listener(KeChannel channel, String name, PeerApi peer)
      throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return OverlayListener.open(channel, name, 0, PeerApi.class, peer);
      } catch (IOException e) {
        if (tries == MOST_PORTS) {
          throw e;
        }
      }
    }
  }

  /** There is no ssh here; on a busy box a ping may be late. */
  private static Deployer livesAnyway() {
    return visit ->
        new VisitReport(
            visit.machine().name(), VisitReport.Outcome.ALIVE, VisitReport.Step.START, null, 1, 0);
  }

  int size() {
    return members.size();
  }

  /** The next livetag, signed; nobody has it yet. */
  Document next(Livetag wanted) {
    livetag = signed(livetag.next(wanted.body(), livetag.issued()));
    return livetag;
  }

  /** The next keyring, signed; nobody has it yet. */
  Document next(Keyring wanted) {
    String body = wanted.body();
    Document following =
        keyring == null
            ? Document.first(DocumentType.KEYRING, genesis.hash(), body, genesis.issued())
            : keyring.next(body, genesis.issued());
    keyring = signed(following);
    return keyring;
  }

  OverlayKey key() {
    return key;
  }

  /** What each peer trusts. */
  List<List<String>> trusted() {
    return members.stream().map(member -> member.channel().trusted()).toList();
  }

  /** Peers that answer one who holds this key and no other. */
  int answeringUnder(OverlayKey one) {
    int answering = 0;
    try (CxfConnections asking = new CxfConnections(new KeChannel(one))) {
      for (String name : ports.keySet()) {
        try {
          asking.peer(name, portOf(name), PATIENCE_MILLIS).document("list");
          answering++;
        } catch (UncheckedIOException | RefusedException e) {
          continue;
        }
      }
    }
    return answering;
  }

  /** The client goes on with this key alone. */
  void turnClientTo(OverlayKey one) {
    client.close();
    client = new CxfConnections(new KeChannel(one));
  }

  /** A keyring with the key that it names. */
  void handOver(Document document, int to, OverlayKey with) throws Exception {
    handOver(document, to);
    String name = "127.0.1." + (to + 1);
    client.peer(name, portOf(name), PATIENCE_MILLIS).offerKey(new KeyMessage(with.bytes()));
  }

  /** As a client does: over the wire, to one peer. */
  void handOver(Document document, int to) throws Exception {
    String name = "127.0.1." + (to + 1);
    client.peer(name, portOf(name), PATIENCE_MILLIS).offer(document.text());
  }

  int holders(Document document) {
    return (int) members.stream().filter(member -> holds(member, document)).count();
  }

  /** Every peer has answered a ping of its own. */
  boolean runsEverywhere() {
    return members.stream().allMatch(member -> Files.exists(member.heartbeat()));
  }

  private static boolean holds(Member member, Document document) {
    return member
        .documents()
        .held(document.type())
        .map(Document::hash)
        .equals(Optional.of(document.hash()));
  }

  private Document signed(Document document) {
    return document.signedBy(operator.privateKey(), operator.publicKey());
  }

  /** 1, where nobody listens, for one that has not started yet. */
  private int portOf(String name) {
    return ports.getOrDefault(name, 1);
  }

  @Override
  public void close() {
    members.forEach(member -> member.peer().stop());
    members.forEach(member -> member.in().close());
    members.forEach(member -> member.out().close());
    client.close();
  }

  private final class ByOwnPort implements Connections {
    private final Connections connections;

    ByOwnPort(Connections connections) {
      this.connections = connections;
    }

    @Override
    public PeerApi peer(String host, int port, int timeoutMillis) {
      return connections.peer(host, portOf(host), timeoutMillis);
    }

    @Override
    public AgentApi agent(String host, int port, String publicKey, int timeoutMillis) {
      return connections.agent(host, port, publicKey, timeoutMillis);
    }
  }

  private static final class NoBlobs implements Blobs {
    @Override
    public Optional<Path> find(String sha256) {
      return Optional.empty();
    }

    @Override
    public Path store(String sha256, InputStream content) {
      throw new UnsupportedOperationException("no release is deployed here");
    }
  }
}
