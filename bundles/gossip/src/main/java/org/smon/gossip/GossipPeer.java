// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.smon.api.Blobs;
import org.smon.api.Deployer;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.InvalidInputException;
import org.smon.api.LocalPeer;
import org.smon.api.Names;
import org.smon.api.OverlayChannel;
import org.smon.api.RefusedException;
import org.smon.api.Releases;
import org.smon.api.Vitals;
import org.smon.wire.BlobReceipt;
import org.smon.wire.ConflictsMessage;
import org.smon.wire.Connections;
import org.smon.wire.EventsAnswer;
import org.smon.wire.EventsQuery;
import org.smon.wire.HoldersMessage;
import org.smon.wire.KeyAnswer;
import org.smon.wire.KeyExchange;
import org.smon.wire.KeyMessage;
import org.smon.wire.OfferAnswer;
import org.smon.wire.Parcel;
import org.smon.wire.PeerApi;
import org.smon.wire.Ping;
import org.smon.wire.ProbeAnswer;
import org.smon.wire.ProbeMessage;
import org.smon.wire.Receipt;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.RemoteShell;
import org.smon.wire.RolloutMessage;
import org.smon.wire.ShellMessage;
import org.smon.wire.StatusAnswer;
import org.smon.wire.StatusPart;
import org.smon.wire.StatusQuery;
import org.smon.wire.UpgradeApi;
import org.smon.wire.VisitNotice;
import org.smon.wire.WorkMessage;

/**
 * The running peer (paper Fig. 2): wires the core to the network, the disk and the deployer, and
 * answers what others ask. Activation starts the protocol, deactivation stops it and nothing else;
 * documents and state are other bundles' and stay.
 */
@Component(
    service = {PeerApi.class, Vitals.class},
    immediate = true)
public final class GossipPeer implements PeerApi, Vitals {
  private static final int MOST_STATUS_MILLIS = 30_000;

  private final Loop loop = new Loop();
  private final ExecutorService effects = Workers.forEffects();
  private final ExecutorService questions = Workers.forQuestions();
  private final Documents documents;
  private final Blobs blobs;
  private final Releases releases;
  private final KeyExchange keys;
  private final KeyKeeper keeper;
  private final Courier courier;
  private final Driver driver;
  private final Probes probes;
  private final StatusCollector status;
  private final EventCollector events;
  private final Holders holders;

  /** The shell comes and goes while bundles are swapped, and a peer may run without one. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile RemoteShell shell;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile UpgradeApi upgrade;

  @Activate
  public GossipPeer(
      BundleContext context,
      @Reference LocalPeer self,
      @Reference Documents documents,
      @Reference Blobs blobs,
      @Reference Events log,
      @Reference Connections connections,
      @Reference OverlayChannel channel,
      @Reference Deployer deployer,
      @Reference Releases releases) {
    this(
        self,
        documents,
        releases,
        blobs,
        log,
        connections,
        channel,
        deployer,
        Reach.TCP,
        new FrameworkEnding(context));
  }

  GossipPeer(
      LocalPeer self,
      Documents documents,
      Releases releases,
      Blobs blobs,
      Events log,
      Connections connections,
      OverlayChannel channel,
      Deployer deployer,
      Reach reach,
      Ending ending) {
    this.documents = documents;
    this.blobs = blobs;
    this.releases = releases;
    keys = new KeyExchange(documents, channel);
    courier = new Courier(self.name(), documents, log, keys);
    Sightings sightings = new Sightings(System::nanoTime);
    Tree tree = new Tree(questions, connections, reach);
    VisitNotes notes = new VisitNotes(self);
    LocalStatus local = new LocalStatus(self, documents, releases, channel, notes, () -> upgrade);
    status = new StatusCollector(documents, releases, local, sightings, tree, reach, questions);
    events = new EventCollector(self.name(), documents, log, tree);
    holders = new Holders(self.name(), documents, tree);
    driver =
        new Driver(
            self,
            documents,
            notes,
            connections,
            deployer,
            courier,
            sightings,
            log,
            loop,
            effects,
            ending);
    probes = new Probes(self, documents, connections, driver);
    documents.subscribe(courier);
    driver.start();
    keeper = new KeyKeeper(self, documents, channel, connections, courier, log);
    keeper.keep();
    new FirstAnswer(self, documents, connections, new Heartbeat(self), log, loop).await(effects);
  }

  @Deactivate
  public void stop() {
    driver.stop();
    documents.unsubscribe(courier);
    keeper.close();
    loop.close();
    effects.shutdownNow();
    questions.shutdownNow();
  }

  @Override
  public long pongsReceived() {
    return driver.pongsReceived();
  }

  @Override
  public Ping ping(Ping ping) throws RefusedException {
    return driver.answer(require(ping));
  }

  @Override
  public String document(String word) throws RefusedException {
    try {
      return documents
          .held(DocumentType.ofWord(word))
          .orElseThrow(() -> new RefusedException("no " + word + " document is held here"))
          .text();
    } catch (InvalidInputException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  @Override
  public OfferAnswer offer(String text) throws RefusedException {
    return courier.offered(require(text));
  }

  @Override
  public Parcel parcel(String word, String have) throws RefusedException {
    return courier.parcel(word, have);
  }

  @Override
  public Receipt take(Parcel parcel) throws RefusedException {
    return courier.taken(require(parcel));
  }

  @Override
  public HoldersMessage holders(HoldersMessage query) throws RefusedException {
    return holders.of(require(query));
  }

  @Override
  public ConflictsMessage conflicts(ConflictsMessage message) throws RefusedException {
    return courier.conflicts(require(message));
  }

  @Override
  public KeyMessage key(String id) throws RefusedException {
    return keys.given(require(id));
  }

  @Override
  public KeyAnswer offerKey(KeyMessage key) throws RefusedException {
    return keys.taken(key);
  }

  @Override
  public InputStream blob(String sha256, long from) throws RefusedException {
    try {
      Optional<Path> file = blobs.find(Names.requireHash(sha256));
      InputStream content = file.isPresent() ? Files.newInputStream(file.get()) : manifest(sha256);
      content.skipNBytes(Math.max(0, from));
      return content;
    } catch (InvalidInputException | IOException e) {
      throw new RefusedException("blob cannot be read: " + e.getMessage());
    }
  }

  /** A release's document goes by its own hash, so that it is found after a newer one (R19). */
  private InputStream manifest(String hash) throws RefusedException {
    return Stream.of(documents.held(DocumentType.RELEASE), releases.adopted(), releases.previous())
        .flatMap(Optional::stream)
        .filter(document -> document.hash().equals(hash))
        .findFirst()
        .map(document -> document.text().getBytes(StandardCharsets.UTF_8))
        .map(ByteArrayInputStream::new)
        .orElseThrow(() -> new RefusedException("blob " + hash + " is not here"));
  }

  @Override
  public BlobReceipt takeBlob(String sha256, long from, byte[] piece) throws RefusedException {
    return openUpgrade().takeBlob(sha256, from, require(piece));
  }

  @Override
  public RolloutMessage rollout(RolloutMessage message) throws RefusedException {
    return openUpgrade().rollout(require(message));
  }

  @Override
  public ReleasesAnswer releases() throws RefusedException {
    return openUpgrade().releases();
  }

  @Override
  public WorkMessage work(WorkMessage request) throws RefusedException {
    return driver.giveWork(require(request));
  }

  @Override
  public ProbeAnswer probe(ProbeMessage request) throws RefusedException {
    return probes.answer(require(request));
  }

  @Override
  public VisitNotice visited(VisitNotice notice) throws RefusedException {
    driver.take(require(notice));
    return notice;
  }

  @Override
  public StatusAnswer status(StatusQuery query) throws RefusedException {
    return status.whole(bounded(query));
  }

  @Override
  public StatusPart statusPart(StatusQuery query) throws RefusedException {
    require(require(query).machines());
    return status.part(bounded(query));
  }

  @Override
  public EventsAnswer events(EventsQuery query) throws RefusedException {
    return events.collect(require(query));
  }

  @Override
  public ShellMessage.Greeting shellGreeting() throws RefusedException {
    return openShell().greet();
  }

  @Override
  public ShellMessage.Output shell(ShellMessage.Line line) throws RefusedException {
    return openShell().run(require(line));
  }

  private RemoteShell openShell() throws RefusedException {
    RemoteShell present = shell;
    if (present == null) {
      throw new RefusedException("this peer has no shell installed");
    }
    return present;
  }

  private UpgradeApi openUpgrade() throws RefusedException {
    UpgradeApi present = upgrade;
    if (present == null) {
      throw new RefusedException("this peer's updater is starting, or being upgraded");
    }
    return present;
  }

  private static StatusQuery bounded(StatusQuery query) throws RefusedException {
    int millis = Math.min(require(query).deadlineMillis(), MOST_STATUS_MILLIS);
    return new StatusQuery(query.machines(), Math.max(1_000, millis));
  }

  private static <T> T require(T part) throws RefusedException {
    if (part == null) {
      throw new RefusedException("the message is incomplete");
    }
    return part;
  }
}
