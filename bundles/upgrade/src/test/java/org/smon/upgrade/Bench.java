// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Event;
import org.smon.api.Events;
import org.smon.api.Hashes;
import org.smon.api.LocalPeer;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Kind;
import org.smon.api.Release.Plan;
import org.smon.api.Settings;
import org.smon.membership.HeldDocuments;
import org.smon.security.OperatorTrust;
import org.smon.security.SigningKey;
import org.smon.store.FileBlobs;
import org.smon.store.FileState;
import org.smon.store.InstalledReleases;

/** A machine's disk with an installed release, and the operator who signs further ones. */
final class Bench {
  static final String SELF = "a.example";
  static final List<String> MACHINES = List.of(SELF, "b.example", "c.example");
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

  final Path root;
  final SigningKey operator = SigningKey.generate();
  final FileState state;
  final FileBlobs blobs;
  final Documents documents;
  final InstalledReleases releases;
  final List<Event> events = new ArrayList<>();
  final LocalPeer self = new Self();

  Bench(Path root) throws IOException {
    this.root = root;
    state = new FileState(root.resolve("state"));
    blobs = new FileBlobs(root.resolve("blobs"));
    releases = new InstalledReleases(root.resolve("state"));
    Settings settings =
        new Settings(
            "lab",
            List.of(operator.publicText()),
            List.of(),
            "ops",
            7600,
            "0".repeat(64),
            5000,
            2000);
    Document genesis = sign(Document.genesis(settings.body(), NOW));
    documents = HeldDocuments.found(state, new OperatorTrust(), genesis);
    List<Machine> machines = MACHINES.stream().map(Machine::parse).toList();
    offer(first(DocumentType.LIST, new MachineList(machines, List.of()).body()));
  }

  Document first(DocumentType type, String body) {
    return sign(Document.first(type, documents.overlayId(), body, NOW));
  }

  Document sign(Document unsigned) {
    return unsigned.signedBy(operator.privateKey(), operator.publicKey());
  }

  void offer(Document document) {
    Documents.Offer offer = documents.offer(document);
    if (offer.verdict() != Documents.Offer.Verdict.ADOPTED) {
      throw new AssertionError(offer);
    }
  }

  /** The content of an artifact, which its release names by hash. */
  static byte[] content(String artifact, String version) {
    return (artifact + " " + version + "\n").repeat(50).getBytes(StandardCharsets.UTF_8);
  }

  static Blob blob(String artifact, String version) {
    byte[] content = content(artifact, version);
    String path = "org/smon/smon-%1$s/%2$s/smon-%1$s-%2$s.jar".formatted(artifact, version);
    return new Blob(Hashes.of(content), content.length, Kind.BUNDLE, path);
  }

  /** One whose gossip has this version; its other bundle never changes. */
  static Release release(String version) {
    return new Release(
        version,
        1,
        1,
        new Plan(Release.Waves.GROWING, 1),
        List.of(blob("api", "1.0.0"), blob("gossip", version)));
  }

  /** The next release's document, of which nothing is here yet. */
  Document published(Release release) {
    Document document =
        documents
            .held(DocumentType.RELEASE)
            .map(held -> sign(held.next(release.body(), NOW)))
            .orElseGet(() -> first(DocumentType.RELEASE, release.body()));
    offer(document);
    return document;
  }

  /** As a visit leaves it. */
  Document installed(String version) throws IOException {
    Document document = published(release(version));
    bring("api", "1.0.0");
    bring("gossip", version);
    new Depot(root, blobs).stage(document);
    point("installed", document);
    return document;
  }

  void bring(String artifact, String version) throws IOException {
    byte[] content = content(artifact, version);
    blobs.store(Hashes.of(content), new java.io.ByteArrayInputStream(content));
  }

  void point(String name, Document release) throws IOException {
    Files.writeString(root.resolve("state").resolve(name), release.hash() + " runtime\n");
  }

  Events log() {
    return new Events() {
      @Override
      public void emit(String kind, String machine, String cause, Map<String, String> detail) {
        events.add(new Event(NOW, SELF, kind, machine, cause, detail));
      }

      @Override
      public List<Event> query(String machine, Instant after, int limit) {
        return List.copyOf(events);
      }
    };
  }

  boolean told(String kind, String part) {
    return List.copyOf(events).stream()
        .anyMatch(event -> event.kind().equals(kind) && event.cause().contains(part));
  }

  private final class Self implements LocalPeer {
    @Override
    public String name() {
      return SELF;
    }

    @Override
    public String overlay() {
      return documents.overlayId();
    }

    @Override
    public Path root() {
      return root;
    }

    @Override
    public long pid() {
      return ProcessHandle.current().pid();
    }

    @Override
    public Instant started() {
      return NOW;
    }
  }
}
