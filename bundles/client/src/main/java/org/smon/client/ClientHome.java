// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smon.api.Blobs;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.OverlayChannel;
import org.smon.api.Release;
import org.smon.membership.HeldDocuments;
import org.smon.security.KeChannel;
import org.smon.security.KeyFolder;
import org.smon.security.OperatorTrust;
import org.smon.security.SigningKey;
import org.smon.store.EventFile;
import org.smon.store.FileBlobs;
import org.smon.store.FileState;
import org.smon.transport.CxfConnections;
import org.smon.wire.Connections;
import org.smon.wire.ReleasesAnswer;

/**
 * The operator's side of an overlay on disk: K_E, the operator's key, and the newest versions of
 * all documents (R53). Every file is whole or absent after a crash. One process writes at a time.
 */
public final class ClientHome {
  private static final String OVERLAY_KEYS = "keys";
  private static final String OPERATOR_KEY = "operator.key";
  private static final String LAST_PEER = "last-peer";
  private static final String LOCK = "lock";

  private final Path directory;
  private final KeyFolder keys;
  private final List<String> damage = new ArrayList<>();
  private final Documents documents;
  private OverlayChannel channel;
  private final Unacknowledged unacknowledged;
  private final Map<DocumentType, Document> before = new EnumMap<>(DocumentType.class);
  private Connections connections;
  private Events events;

  private ClientHome(Path directory) throws IOException {
    this.directory = directory;
    this.keys = overlayKeys(directory);
    keys.keys(); // one line now, if there is none or it is damaged
    this.documents = new HeldDocuments(state(directory), new OperatorTrust(), damage::add);
    this.unacknowledged = new Unacknowledged(state(directory));
  }

  /** True if anything stands there, whole or not. */
  public static boolean isAt(Path directory) {
    return Files.exists(directory);
  }

  /** One line that says what to do if there is none. */
  public static ClientHome open(Path directory) {
    if (!Files.exists(directory.resolve(OVERLAY_KEYS))) {
      throw new FailedException(
          "there is no overlay in " + directory + "; make one by `smon init`, or name its --home");
    }
    try {
      return new ClientHome(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a new overlay; refuses to overwrite anything. */
  public static ClientHome create(Path directory, NewOverlay overlay) throws IOException {
    overlay.writeTo(directory);
    return open(directory);
  }

  static FileState state(Path directory) throws IOException {
    return new FileState(directory.resolve("documents"));
  }

  static KeyFolder overlayKeys(Path directory) {
    return new KeyFolder(directory.resolve(OVERLAY_KEYS));
  }

  /** Written anew with each keyring. */
  Path keyringFile() {
    return directory.resolve("documents").resolve("doc-" + DocumentType.KEYRING.word());
  }

  static Path operatorKeyFile(Path directory) {
    return directory.resolve(OPERATOR_KEY);
  }

  public Path directory() {
    return directory;
  }

  /** A line for each file that turned out damaged when this home was opened. */
  List<String> damage() {
    return damage;
  }

  public Documents documents() {
    return documents;
  }

  /** K_E, and while it is rotated the other one too (R41). */
  public KeyFolder keys() {
    return keys;
  }

  /** Leaves the keys that the keyring held here names, at the end of a rotation. */
  void removeOldKeys() throws IOException {
    keys.keepOnly(documents.keyring().ids());
  }

  /** A channel under K_E with a leaf of its own, which goes with the keyring held here. */
  public synchronized OverlayChannel channel() {
    if (channel == null) {
      channel = channel(documents, SigningKey.generate());
    }
    return channel;
  }

  /**
   * A channel by the keyring among an agent's documents, whose leaf is the agent's key, so that
   * peers can tell the agent (R36).
   */
  OverlayChannel agentChannel(Documents known, SigningKey agent) {
    return channel(known, agent);
  }

  /** Other processes use this home too, so a channel removes no key. */
  private OverlayChannel channel(Documents known, SigningKey leaf) {
    try {
      return new KeChannel(keys, known, leaf.pair(), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public synchronized Connections connections() {
    if (connections == null) {
      connections = new CxfConnections(channel());
    }
    return connections;
  }

  /** The releases of the overlay that this home knows, and what became of them. */
  public HomeReleases releases() {
    try {
      return new HomeReleases(new FileState(directory.resolve("releases")), documents);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Blobs of the releases that this home has signed. */
  public Blobs blobs() throws IOException {
    return new FileBlobs(directory.resolve("blobs"));
  }

  /** What this client itself did: it places first peers. */
  public synchronized Events events() {
    if (events == null) {
      try {
        events = new EventFile(directory.resolve("log"), "client", Clock.systemUTC());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return events;
  }

  /** True if this home can sign, whether or not its signatures count. */
  boolean isOperator() {
    return Files.exists(directory.resolve(OPERATOR_KEY));
  }

  /** Whose signatures count; one line if this home is not an operator's. */
  public SigningKey operator() {
    Path file = directory.resolve(OPERATOR_KEY);
    if (!Files.exists(file)) {
      throw new FailedException(
          "this home has no operator's key (" + file + "): it can look, not change");
    }
    try {
      return SigningKey.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next document of this type, signed and held; the held one if it says the same already. */
  public Document sign(DocumentType type, String body) {
    Optional<Document> held = documents.held(type);
    if (held.isPresent() && held.get().body().equals(body)) {
      return held.get();
    }
    return sign(type, body, type == DocumentType.LIVETAG ? settled(type) : List.of());
  }

  /** Of livetag nothing needs merging: what is said now counts. */
  private List<String> settled(DocumentType type) {
    return documents.conflicts(type).stream().map(Document::hash).toList();
  }

  /**
   * The same, also if it says what the held one says.
   *
   * @param settled hashes of conflicts that it puts an end to
   */
  Document sign(DocumentType type, String body, List<String> settled) {
    synchronized (ClientHome.class) { // the lock below is the whole process's
      try (FileChannel file =
          FileChannel.open(
              directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        file.lock(); // until it is closed
        requireUnchanged(type);
        return signed(type, body, settled);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Two commands of one home at the same time must not sign upon one version. */
  private void requireUnchanged(DocumentType type) throws IOException {
    Optional<Document> onDisk = new HeldDocuments(state(directory), new OperatorTrust()).held(type);
    Optional<Document> mine = documents.held(type);
    if (!onDisk.map(Document::hash).equals(mine.map(Document::hash))) {
      onDisk.ifPresent(documents::offer);
      throw OlderException.inThisHome(type);
    }
  }

  private Document signed(DocumentType type, String body, List<String> settled) {
    Optional<Document> held = documents.held(type);
    if (type == DocumentType.RELEASE) {
      releases(); // notes the held one, to which a revert may lead
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    SigningKey operator = operator();
    Document next =
        held.map(h -> h.next(body, now, settled))
            .orElseGet(() -> Document.first(type, documents.overlayId(), body, now))
            .signedBy(operator.privateKey(), operator.publicKey());
    boolean noted = everAnswered() && unacknowledged.add(type);
    Documents.Offer offer = documents.offer(next);
    if (offer.verdict() != Documents.Offer.Verdict.ADOPTED) {
      if (noted) {
        unacknowledged.remove(type);
      }
      throw new FailedException("the new " + type.word() + " was not taken: " + offer.reason());
    }
    held.ifPresent(h -> before.put(type, h));
    if (type == DocumentType.RELEASE && !everAnswered()) {
      releases().note(next.hash(), ReleasesAnswer.State.adopted); // the first deployment brings it
    }
    return next;
  }

  /** What this process has signed the newest document of a type upon, or null. */
  Document before(DocumentType type) {
    return before.get(type);
  }

  /** What is not yet on enough machines' disks. */
  Unacknowledged unacknowledged() {
    return unacknowledged;
  }

  /** The release to deploy; the first time that of this distribution, signed. */
  public Document release(Distribution distribution) throws IOException {
    Optional<Document> current = releases().adopted();
    if (current.isPresent()) {
      return current.get();
    }
    distribution.copyTo(blobs());
    return sign(DocumentType.RELEASE, distribution.body());
  }

  /** The same with a Java runtime for machines that have none; before the first deployment only. */
  Document releaseWithJava(Distribution distribution, JavaRuntime java) throws IOException {
    Release held = Release.ofBody(release(distribution).body());
    if (held.blobs().stream().anyMatch(blob -> blob.kind() == Release.Kind.JRE)) {
      return documents.held(DocumentType.RELEASE).orElseThrow();
    }
    if (everAnswered()) {
      throw new FailedException(
          "release "
              + held.version()
              + " runs already and brings no Java; install Java 17 on the machines that lack it");
    }
    List<Release.Blob> blobs = new ArrayList<>(held.blobs());
    blobs.add(java.into(blobs()));
    return sign(
        DocumentType.RELEASE,
        new Release(held.version(), held.wireMin(), held.wireMax(), blobs).body());
  }

  /** False as long as no peer has ever answered: the overlay was never deployed from here. */
  boolean everAnswered() {
    return Files.exists(lastPeerFile());
  }

  Path lastPeerFile() {
    return directory.resolve(LAST_PEER);
  }

  /** Where the agent that runs from this home keeps its keys and its audit log. */
  Path agentDirectory() {
    return directory.resolve("agent");
  }
}
