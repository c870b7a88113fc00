// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.LocalPeer;
import org.smon.api.OverlayChannel;

/**
 * TLS 1.3 whose trust is the CA derived from K_E, and that alone (R35). A leaf certificate is
 * minted in memory for each process. It proves membership, never authority and no role.
 */
@Component(service = OverlayChannel.class)
public final class KeChannel implements OverlayChannel {
  private final KeyPair leaf;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Member member;

  private record Member(OverlayKey key, SSLContext context) {}

  /** A peer's channel, from {@code keys/overlay} below its root. */
  @Activate
  public KeChannel(@Reference LocalPeer peer) throws IOException {
    this(OverlayKey.load(peer.root().resolve("keys").resolve("overlay")));
  }

  public KeChannel(OverlayKey key) {
    this(key, Ed25519.generate());
  }

  /**
   * @param leaf the Ed25519 pair of the certificate: an agent's own, so that others can pin its
   *     public key (R36)
   */
  public KeChannel(OverlayKey key, KeyPair leaf) {
    Ed25519.selfTest();
    this.leaf = leaf;
    this.member = member(key);
  }

  @Override
  public SSLContext context() {
    return member.context;
  }

  @Override
  public String keyId() {
    return member.key.keyId();
  }

  @Override
  public byte[] key() {
    return member.key.bytes();
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Goes on with another K_E (R41). A new context, because resumed sessions of the old one outlive
   * its trust. Listeners are called on this thread.
   */
  public void use(OverlayKey key) {
    member = member(key);
    listeners.forEach(Runnable::run);
  }

  private Member member(OverlayKey key) {
    try {
      CertificateAuthority authority = new CertificateAuthority(key);
      KeyManager[] own = {new OneKey(leaf.getPrivate(), authority.issue(leaf.getPublic()))};
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(own, trust(authority).getTrustManagers(), null);
      return new Member(key, context);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java has no TLS 1.3 with Ed25519", e);
    }
  }

  private static TrustManagerFactory trust(CertificateAuthority authority)
      throws GeneralSecurityException, IOException {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("overlay", authority.certificate());
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(anchors);
    return factory;
  }
}
