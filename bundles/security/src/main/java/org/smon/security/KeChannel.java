// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.InvalidInputException;
import org.smon.api.LocalPeer;
import org.smon.api.OverlayChannel;

/**
 * TLS 1.3 whose trust is the CAs derived from the keys in force, and those alone (R35, R41). A leaf
 * certificate is minted in memory for each process. It proves membership, never authority and no
 * role.
 */
@Component(service = OverlayChannel.class)
public final class KeChannel implements OverlayChannel, Documents.Listener {
  private static final System.Logger LOG = System.getLogger(KeChannel.class.getName());

  private final KeyFolder folder;
  private final Documents documents;
  private final boolean owner;
  private final KeyPair leaf;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Member member;

  /** What follows from the keys that count; a change of them makes another one. */
  private record Member(TrustedKeys keys, SSLContext context) {}

  /** A peer's channel, by the keys below its root. */
  @Activate
  public KeChannel(@Reference LocalPeer peer, @Reference Documents documents) throws IOException {
    this(new KeyFolder(peer.root().resolve("keys")), documents, Ed25519.generate(), true);
  }

  /**
   * @param leaf the Ed25519 pair of the certificate: an agent's own, so that others can pin its
   *     public key (R36)
   * @param owner true to remove keys that count no more; false in a process that shares the folder
   *     with the one that does
   */
  public KeChannel(KeyFolder folder, Documents documents, KeyPair leaf, boolean owner)
      throws IOException {
    Ed25519.selfTest();
    this.folder = folder;
    this.documents = documents;
    this.owner = owner;
    this.leaf = leaf;
    TrustedKeys keys = TrustedKeys.of(folder.keys(), documents.keyring());
    member = new Member(keys, context(keys));
    documents.subscribe(this);
    follow(); // a keyring may have come meanwhile
  }

  /** A channel of this key and no other, whatever becomes of the overlay. */
  public KeChannel(OverlayKey key) {
    this(key, Ed25519.generate());
  }

  public KeChannel(OverlayKey key, KeyPair leaf) {
    Ed25519.selfTest();
    this.folder = null;
    this.documents = null;
    this.owner = false;
    this.leaf = leaf;
    TrustedKeys keys = TrustedKeys.ofOne(key);
    member = new Member(keys, context(keys));
  }

  @Deactivate
  public void close() {
    if (documents != null) {
      documents.unsubscribe(this);
    }
  }

  @Override
  public SSLContext context() {
    return member.context;
  }

  @Override
  public String keyId() {
    return member.keys.inUse().keyId();
  }

  @Override
  public List<String> trusted() {
    return member.keys.ids();
  }

  @Override
  public List<String> missing() {
    return member.keys.missing();
  }

  @Override
  public long keyring() {
    return documents == null || !missing().isEmpty()
        ? 0
        : documents.versions().counter(DocumentType.KEYRING);
  }

  @Override
  public Optional<byte[]> key(String id) {
    return member.keys.all().stream()
        .filter(key -> key.keyId().equals(id))
        .findFirst()
        .map(OverlayKey::bytes);
  }

  @Override
  public boolean take(byte[] bytes) {
    OverlayKey key = OverlayKey.of(bytes);
    if (!missing().contains(key.keyId())) {
      return false;
    }
    try {
      folder.add(key);
    } catch (IOException e) {
      throw new UncheckedIOException("a key cannot be kept on disk: " + e.getMessage(), e);
    }
    refresh();
    return true;
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void adopted(Document document) {
    if (document.type() == DocumentType.KEYRING) {
      refresh();
    }
  }

  @Override
  public void refresh() {
    if (folder != null && follow()) {
      listeners.forEach(Runnable::run);
    }
  }

  /** A new context each time, because resumed sessions of the old one outlive its trust. */
  private synchronized boolean follow() {
    try {
      TrustedKeys keys = TrustedKeys.of(folder.keys(), documents.keyring());
      boolean other = !keys.ids().equals(member.keys.ids());
      member = new Member(keys, other ? context(keys) : member.context);
      removeOld(keys);
      return other;
    } catch (IOException | InvalidInputException e) {
      LOG.log(System.Logger.Level.WARNING, "going on with the keys as they are: {0}", e.toString());
      return false;
    }
  }

  private void removeOld(TrustedKeys keys) throws IOException {
    if (owner && keys.missing().isEmpty()) {
      folder.keepOnly(keys.ids());
    }
  }

  private SSLContext context(TrustedKeys keys) {
    try {
      List<CertificateAuthority> authorities =
          keys.all().stream().map(CertificateAuthority::new).toList();
      List<X509Certificate> certificates = new ArrayList<>();
      authorities.forEach(authority -> certificates.add(authority.issue(leaf.getPublic())));
      KeyManager[] own = {new Leaves(leaf.getPrivate(), certificates)};
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(own, trust(authorities).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java has no TLS 1.3 with Ed25519", e);
    }
  }

  private static TrustManagerFactory trust(List<CertificateAuthority> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    for (int i = 0; i < authorities.size(); i++) {
      anchors.setCertificateEntry("overlay" + i, authorities.get(i).certificate());
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(anchors);
    return factory;
  }
}
