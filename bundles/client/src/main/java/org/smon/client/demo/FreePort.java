// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.smon.client.FailedException;

/** Ports before anybody listens on them. */
final class FreePort {
  private FreePort() {}

  /** One that nobody listens on at the loopback address, to be kept for the demo's life. */
  static int find() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** One line and no demo when somebody else listens there. */
  static void require(String address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      throw new FailedException(
          "port %d of %s is in use (%s); `ss -ltnp` shows by whom"
              .formatted(port, address, e.getMessage()),
          e);
    }
  }
}
