// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Whether a port accepts connections: cheaper than a TLS time-out when a machine drops packets.
 * Blocks.
 */
interface Reach {
  Reach TCP =
      (host, port, timeoutMillis) -> {
        try (Socket socket = new Socket()) {
          socket.connect(new InetSocketAddress(host, port), Math.max(1, timeoutMillis));
          return true;
        } catch (IOException e) {
          return false;
        }
      };

  boolean accepts(String host, int port, int timeoutMillis);
}
