// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smon.api.AgentAddress;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Keyring;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.OverlayChannel;
import org.smon.api.Release;
import org.smon.api.Settings;
import org.smon.security.OverlayKey;

/** An overlay for tests: its operator, its documents, its K_E. */
final class Overlay {
  final KeyPair operator = keyPair();
  final OverlayKey key = OverlayKey.generate();
  final Document genesis;
  OverlayKey newestKey = key;
  private final Map<DocumentType, Document> newest = new EnumMap<>(DocumentType.class);

  Overlay(String enrolmentKey) {
    String operatorKey = Base64.getEncoder().encodeToString(operator.getPublic().getEncoded());
    Settings settings =
        new Settings(
                "test",
                List.of(operatorKey),
                List.of(new AgentAddress("127.0.0.1", 7700, operatorKey, enrolmentKey)),
                System.getProperty("user.name"),
                7600,
                key.keyId(),
                5_000,
                2_000)
            .withAutostart(false);
    genesis = sign(Document.genesis(settings.body(), Instant.EPOCH));
    newest.put(DocumentType.SETTINGS, genesis);
    newest(DocumentType.LIVETAG, Livetag.on().body());
  }

  /** Signs and keeps the next document of a type. */
  Document newest(DocumentType type, String body) {
    Document held = newest.get(type);
    Document next =
        held == null
            ? Document.first(type, genesis.hash(), body, Instant.EPOCH)
            : held.next(body, Instant.EPOCH);
    newest.put(type, sign(next));
    return newest.get(type);
  }

  /** A new K_E after a leak: the old one counts no more. */
  Document rotate() {
    newestKey = OverlayKey.generate();
    return newest(DocumentType.KEYRING, Keyring.afterLeak(newestKey.keyId()).body());
  }

  void release(Release release) {
    newest(DocumentType.RELEASE, release.body());
  }

  void list(Machine... machines) {
    newest(DocumentType.LIST, new MachineList(List.of(machines), List.of()).body());
  }

  Document wantAutostart(boolean wanted) {
    Settings settings = Settings.ofBody(newest.get(DocumentType.SETTINGS).body());
    return newest(DocumentType.SETTINGS, settings.withAutostart(wanted).body());
  }

  Document document(DocumentType type) {
    return newest.get(type);
  }

  Document sign(Document document) {
    return document.signedBy(operator.getPrivate(), operator.getPublic());
  }

  /** Holds what is newest now; learns nothing by itself. */
  Held held() {
    return new Held(genesis, new EnumMap<>(newest));
  }

  OverlayChannel channel() {
    Document keyring = newest.get(DocumentType.KEYRING);
    return new Channel(List.of(newestKey), keyring == null ? 0 : keyring.counter());
  }

  static KeyPair keyPair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Documents in memory; trusts signatures as the settings say. */
  record Held(Document genesis, Map<DocumentType, Document> byType) implements Documents {
    @Override
    public Optional<Document> held(DocumentType type) {
      return Optional.ofNullable(byType.get(type));
    }

    @Override
    public synchronized Offer offer(Document document) {
      Document held = byType.get(document.type());
      if (!document.signedByAny(settings().operators())) {
        return new Offer(Offer.Verdict.REFUSED, "not signed");
      }
      if (held != null && !document.supersedes(held)) {
        return new Offer(Offer.Verdict.OLDER, null);
      }
      byType.put(document.type(), document);
      return new Offer(Offer.Verdict.ADOPTED, null);
    }

    @Override
    public void subscribe(Listener listener) {}

    @Override
    public void unsubscribe(Listener listener) {}
  }

  /** Knows keys and speaks under none. */
  private record Channel(List<OverlayKey> keys, long keyring) implements OverlayChannel {
    @Override
    public javax.net.ssl.SSLContext context() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String keyId() {
      return keys.get(0).keyId();
    }

    @Override
    public List<String> trusted() {
      return keys.stream().map(OverlayKey::keyId).toList();
    }

    @Override
    public List<String> missing() {
      return List.of();
    }

    @Override
    public Optional<byte[]> key(String id) {
      return keys.stream().filter(k -> k.keyId().equals(id)).findFirst().map(OverlayKey::bytes);
    }

    @Override
    public boolean take(byte[] key) {
      return false;
    }

    @Override
    public void refresh() {}

    @Override
    public void onChange(Runnable listener) {}
  }

  /** Files by hash in a directory. */
  record Folder(Path directory) implements org.smon.api.Blobs {
    @Override
    public Optional<Path> find(String sha256) {
      return Optional.of(directory.resolve(sha256)).filter(Files::exists);
    }

    @Override
    public Path store(String sha256, java.io.InputStream content) throws IOException {
      Files.copy(content, directory.resolve(sha256));
      return directory.resolve(sha256);
    }
  }
}
