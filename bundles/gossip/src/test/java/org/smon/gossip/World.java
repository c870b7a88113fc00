// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.smon.api.Blobs;
import org.smon.api.Deployer;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Event;
import org.smon.api.Events;
import org.smon.api.Livetag;
import org.smon.api.LocalPeer;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Releases;
import org.smon.api.Settings;
import org.smon.api.VisitReport;
import org.smon.security.KeChannel;
import org.smon.security.KeyFolder;
import org.smon.security.OverlayKey;
import org.smon.wire.AgentApi;
import org.smon.wire.Connections;
import org.smon.wire.PeerApi;
import org.smon.wire.Ping;

/** Several real gossip peers in one process, connected by method calls. */
final class World implements Connections, AutoCloseable {
  static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");

  final Map<String, GossipPeer> peers = new ConcurrentHashMap<>();
  final Map<String, HeldInMemory> documents = new ConcurrentHashMap<>();
  private final Map<String, Log> logs = new ConcurrentHashMap<>();
  final List<String> visits = new CopyOnWriteArrayList<>();

  /** Who ended its own process, in this order. */
  final List<String> ended = new CopyOnWriteArrayList<>();

  final Map<String, KeChannel> channels = new ConcurrentHashMap<>();
  final KeyPair operator = keyPair();
  final OverlayKey key = OverlayKey.generate();
  final Document genesis;
  private final Path directory;
  private final MachineList list;

  World(Path directory, List<String> machines) {
    this.directory = directory;
    list = new MachineList(machines.stream().map(Machine::parse).toList(), List.of());
    String publicKey = Base64.getEncoder().encodeToString(operator.getPublic().getEncoded());
    Settings settings =
        new Settings("test", List.of(publicKey), List.of(), "smon", 7600, key.keyId(), 100, 500);
    genesis = Document.genesis(settings.body(), AT);
  }

  Document livetag(boolean value, long counter) {
    return livetag(new Livetag(value, 600), counter);
  }

  Document livetag(Livetag livetag, long counter) {
    String body = livetag.body();
    return new Document(
        DocumentType.LIVETAG, genesis.hash(), counter, List.of(), AT, body, List.of());
  }

  void start(String name) {
    start(name, null);
  }

  /**
   * @param livetag what stands on its disk, or null
   */
  void start(String name, Document livetag) {
    HeldInMemory held = new HeldInMemory(genesis);
    held.offer(Document.first(DocumentType.LIST, genesis.hash(), list.body(), AT));
    if (livetag != null) {
      held.offer(livetag);
    }
    documents.put(name, held);
    Deployer deployer =
        visit -> {
          visits.add(name + " to " + visit.machine().name());
          String machine = visit.machine().name();
          if (!peers.containsKey(machine)) {
            return report(machine, VisitReport.Outcome.UNREACHABLE, "connection refused");
          }
          return report(machine, VisitReport.Outcome.ALIVE, null);
        };
    Reach reach =
        (host, port, millis) -> peers.containsKey(host) || port == 22 && host.startsWith("ssh");
    Blobs noBlobs =
        new Blobs() {
          @Override
          public Optional<Path> find(String sha256) {
            return Optional.empty();
          }

          @Override
          public Path store(String sha256, java.io.InputStream content) {
            throw new UnsupportedOperationException("not in this world");
          }
        };
    Here here =
        new Here(name, genesis.hash(), directory.resolve(name), ProcessHandle.current().pid(), AT);
    Ending ending = () -> ended.add(name);
    KeChannel channel = channel(here, held);
    channels.put(name, channel);
    peers.put(
        name,
        new GossipPeer(
            here,
            held,
            Releases.newest(held),
            noBlobs,
            log(name),
            this,
            channel,
            deployer,
            reach,
            ending));
  }

  private KeChannel channel(Here here, HeldInMemory held) {
    try {
      new KeyFolder(here.root().resolve("keys")).add(key);
      return new KeChannel(here, held);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Log log(String name) {
    return logs.computeIfAbsent(name, Log::new);
  }

  void stop(String name) {
    peers.remove(name).stop();
  }

  @Override
  public PeerApi peer(String host, int port, int timeoutMillis) {
    GossipPeer peer = peers.get(host);
    if (peer == null) {
      throw new UncheckedIOException(new ConnectException("connection refused"));
    }
    return wireVersions.containsKey(host) ? speaking(peer, wireVersions.get(host)) : peer;
  }

  /** Wire versions, from and to, of peers that are of another release. */
  final Map<String, List<Integer>> wireVersions = new ConcurrentHashMap<>();

  /** What is said to peers of another release, but pings. */
  final List<String> saidToOthers = new CopyOnWriteArrayList<>();

  private PeerApi speaking(PeerApi peer, List<Integer> range) {
    return (PeerApi)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {PeerApi.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(peer, arguments);
                if (answer instanceof Ping pong && method.getName().equals("ping")) {
                  return new Ping(
                      range.get(0),
                      range.get(1),
                      null,
                      pong.from(),
                      pong.startedMillis(),
                      pong.versions(),
                      pong.workLeft(),
                      pong.conflicts(),
                      null);
                }
                saidToOthers.add(method.getName());
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public AgentApi agent(String host, int port, String publicKey, int timeoutMillis) {
    throw new UncheckedIOException(new ConnectException("no agent in this world"));
  }

  @Override
  public void close() {
    peers.values().forEach(GossipPeer::stop);
  }

  private static VisitReport report(String machine, VisitReport.Outcome outcome, String reason) {
    return new VisitReport(machine, outcome, VisitReport.Step.CONNECT, reason, 1, 0);
  }

  private static KeyPair keyPair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  record Here(String name, String overlay, Path root, long pid, Instant started)
      implements LocalPeer {}

  static final class Log implements Events {
    private final String peer;
    private final List<Event> events = new ArrayList<>();

    Log(String peer) {
      this.peer = peer;
    }

    @Override
    public synchronized void emit(
        String kind, String machine, String cause, Map<String, String> detail) {
      events.add(new Event(Instant.now(), peer, kind, machine, cause, detail));
    }

    @Override
    public synchronized List<Event> query(String machine, Instant after, int limit) {
      return events.stream().filter(e -> machine == null || machine.equals(e.machine())).toList();
    }
  }

  /** Order without signatures or disk: those are other bundles' and their tests'. */
  static final class HeldInMemory implements Documents {
    private final Document genesis;
    private final Map<DocumentType, Document> held = new EnumMap<>(DocumentType.class);
    private final Map<String, Document> conflicts = new TreeMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    HeldInMemory(Document genesis) {
      this.genesis = genesis;
      held.put(DocumentType.SETTINGS, genesis);
    }

    @Override
    public synchronized Optional<Document> held(DocumentType type) {
      return Optional.ofNullable(held.get(type));
    }

    @Override
    public Document genesis() {
      return genesis;
    }

    @Override
    public Offer offer(Document document) {
      synchronized (this) {
        Document mine = held.get(document.type());
        if (mine != null && !document.supersedes(mine)) {
          boolean same = mine.hash().equals(document.hash());
          if (!same && mine.leavesOut(document)) {
            conflicts.put(document.hash(), document);
          }
          return new Offer(same ? Offer.Verdict.KNOWN : Offer.Verdict.OLDER, null);
        }
        if (mine != null && document.leavesOut(mine)) {
          conflicts.put(mine.hash(), mine);
        }
        held.put(document.type(), document);
      }
      listeners.forEach(listener -> listener.adopted(document));
      return new Offer(Offer.Verdict.ADOPTED, null);
    }

    @Override
    public synchronized List<Document> conflicts(DocumentType type) {
      return conflicts.values().stream().filter(document -> document.type() == type).toList();
    }

    @Override
    public synchronized List<String> conflictHashes() {
      return List.copyOf(conflicts.keySet());
    }

    @Override
    public void subscribe(Listener listener) {
      listeners.add(listener);
    }

    @Override
    public void unsubscribe(Listener listener) {
      listeners.remove(listener);
    }
  }
}
