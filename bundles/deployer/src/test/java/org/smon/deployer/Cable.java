// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP relay that can be cut in the middle of what a client sends, or fall silent there. */
final class Cable implements AutoCloseable {
  private final ServerSocket entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int target;
  final AtomicInteger connections = new AtomicInteger();

  /** Connections are cut after so many bytes from the client; negative: never. */
  volatile long cutAfter = -1;

  /** What happens when so many bytes have come from the client, which waits for it; or null. */
  volatile Strike strike;

  record Strike(long afterBytes, Runnable blow) {}

  Cable(int target) throws IOException {
    this.target = target;
    start(this::accept);
  }

  int port() {
    return entry.getLocalPort();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = entry.accept();
      connections.incrementAndGet();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      start(() -> pump(client, server, cutAfter, strike));
      start(() -> pump(server, client, -1, null));
    }
  }

  private static void pump(Socket from, Socket to, long limit, Strike strike) throws IOException {
    byte[] buffer = new byte[16_384];
    long passed = 0;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        int let = limit < 0 ? n : (int) Math.min(n, limit - passed);
        out.write(buffer, 0, let);
        if (strike != null && passed < strike.afterBytes && passed + let >= strike.afterBytes) {
          strike.blow.run();
        }
        passed += let;
        if (let < n) {
          return;
        }
      }
    }
  }

  private interface Body {
    void run() throws IOException;
  }

  private static void start(Body body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (IOException e) {
                // Closed, on purpose or by the other side.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    entry.close();
  }
}
