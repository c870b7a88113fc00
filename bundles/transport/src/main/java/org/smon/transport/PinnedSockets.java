// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Base64;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Agents are known by their public key, for K_E proves membership and no role. The key is checked
 * on each connection before the first byte of a request: CXF's trust decider is not asked again
 * when the JDK replaces a lost connection by another one.
 */
final class PinnedSockets extends SSLSocketFactory {
  private final SSLSocketFactory sockets;
  private final String publicKey;

  /**
   * @param publicKey base64 X.509
   */
  PinnedSockets(SSLSocketFactory sockets, String publicKey) {
    this.sockets = sockets;
    this.publicKey = publicKey;
  }

  /** Over a connected socket: how the JDK calls it once an unconnected one is denied. */
  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    SSLSocket socket = (SSLSocket) sockets.createSocket(plain, host, port, autoClose);
    try {
      socket.startHandshake();
      if (!publicKey.equals(keyOf(socket))) {
        throw new SSLPeerUnverifiedException(
            "it is a member of the overlay, but not the agent that the settings name");
      }
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public Socket createSocket() throws IOException {
    SocketException denied = new SocketException("only over a connected socket");
    denied.initCause(new UnsupportedOperationException());
    throw denied;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return createSocket();
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.getSupportedCipherSuites();
  }

  private static String keyOf(SSLSocket socket) throws IOException {
    byte[] key = socket.getSession().getPeerCertificates()[0].getPublicKey().getEncoded();
    return Base64.getEncoder().encodeToString(key);
  }
}
