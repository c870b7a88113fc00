// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

class KeChannelTest {
  private final OverlayKey key = OverlayKey.generate();

  @Test
  void twoHoldersOfOneKeyTalkTls13() throws Exception {
    SSLSession session = shakeHands(new KeChannel(key), new KeChannel(OverlayKey.of(key.bytes())));
    assertEquals("TLSv1.3", session.getProtocol());
  }

  @Test
  void aHolderOfAnotherKeyIsRefusedByEitherSide() {
    KeChannel mine = new KeChannel(key);
    KeChannel other = new KeChannel(OverlayKey.generate());
    assertThrows(IOException.class, () -> shakeHands(mine, other));
    assertThrows(IOException.class, () -> shakeHands(other, mine));
  }

  @Test
  void aClientWithoutACertificateIsRefused() throws Exception {
    KeChannel mine = new KeChannel(key);
    SSLContext bare = SSLContext.getInstance("TLSv1.3");
    bare.init(null, null, null);
    assertThrows(IOException.class, () -> shakeHands(mine.context(), bare));
  }

  @Test
  void anAgentsCertificateCarriesItsOwnKey() throws Exception {
    SigningKey identity = SigningKey.generate();
    SSLSession session = shakeHands(new KeChannel(key, identity.pair()), new KeChannel(key));
    X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
    assertEquals(
        identity.publicText(),
        Base64.getEncoder().encodeToString(leaf.getPublicKey().getEncoded()));
    assertTrue(leaf.getNotBefore().getTime() <= 946_684_800_000L);
    assertTrue(leaf.getNotAfter().getTime() > 253_000_000_000_000L);
  }

  static SSLSession shakeHands(KeChannel server, KeChannel client) throws Exception {
    return shakeHands(server.context(), client.context());
  }

  /**
   * One byte each way, because in TLS 1.3 a refused client learns it only when it reads. The client
   * closes before the server is waited for: each side's close waits for the other's.
   */
  static SSLSession shakeHands(SSLContext server, SSLContext client) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (SSLServerSocket listener =
        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      listener.setNeedClientAuth(true);
      listener.setSoTimeout(10_000);
      CompletableFuture<Void> echo = CompletableFuture.runAsync(() -> echo(listener));
      try (SSLSocket socket =
          (SSLSocket) client.getSocketFactory().createSocket(loopback, listener.getLocalPort())) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(42);
        if (socket.getInputStream().read() != 42) {
          throw new IOException("closed");
        }
        return socket.getSession();
      } finally {
        echo.exceptionally(e -> null).join();
      }
    }
  }

  private static void echo(SSLServerSocket listener) {
    try (SSLSocket socket = (SSLSocket) listener.accept()) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(socket.getInputStream().read());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }
}
