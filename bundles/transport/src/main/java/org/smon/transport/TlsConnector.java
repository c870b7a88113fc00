// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionLimit;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Jetty's side of the port: TLS 1.3 only, both sides with a certificate, bounded threads,
 * connections and patience. CXF's own connector cannot be told to leave TLS 1.2 out.
 */
final class TlsConnector {
  static final int MAX_THREADS = 16;
  static final int MAX_CONNECTIONS = 256;
  static final int IDLE_MILLIS = 10_000;

  /**
   * A frozen peer's port looks open for as many connections: it has to be told from a stopped one
   * by everybody who pings it meanwhile.
   */
  private static final int ACCEPT_QUEUE = 1024;

  /** A request that asks other peers may take seconds; while bundles are swapped nobody waits. */
  private static final int STOP_MILLIS = 1_000;

  /** For the answer to the very request that brought the change. */
  private static final int GRACE_MILLIS = 500;

  /** C1 code has no AES-GCM intrinsics and peers run C1 only: this suite is twice as fast there. */
  private static final String SUITE = "TLS_CHACHA20_POLY1305_SHA256";

  private final SslContextFactory.Server tls;
  private final ServerConnector connector;

  private TlsConnector(SslContextFactory.Server tls, ServerConnector connector) {
    this.tls = tls;
    this.connector = connector;
  }

  static TlsConnector bind(SSLContext context, String host, int port) throws IOException {
    SslContextFactory.Server tls = tls(context);
    ServerConnector connector =
        new ServerConnector(
            new Server(threads()),
            0,
            1,
            new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()),
            new HttpConnectionFactory(http()));
    connector.setHost(host);
    connector.setPort(port);
    connector.setReuseAddress(true);
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.addBean(new ConnectionLimit(MAX_CONNECTIONS, connector));
    connector.open();
    return new TlsConnector(tls, connector);
  }

  ServerConnector jetty() {
    return connector;
  }

  int port() {
    return connector.getLocalPort();
  }

  void reload(SSLContext next) {
    try {
      tls.reload(factory -> factory.setSslContext(next));
    } catch (Exception e) {
      throw new UncheckedIOException(new IOException("the new K_E cannot be used", e));
    }
  }

  /** Those that are open now, a moment later. */
  void closeConnections() {
    List<EndPoint> old = List.copyOf(connector.getConnectedEndPoints());
    connector
        .getScheduler()
        .schedule(() -> old.forEach(EndPoint::close), GRACE_MILLIS, TimeUnit.MILLISECONDS);
  }

  void close() {
    connector.close();
  }

  private static SslContextFactory.Server tls(SSLContext context) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(context);
    tls.setNeedClientAuth(true);
    tls.setIncludeProtocols("TLSv1.3");
    tls.setIncludeCipherSuites(SUITE);
    return tls;
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 2, 30_000);
    threads.setName("smon-listener");
    threads.setReservedThreads(0);
    threads.setStopTimeout(STOP_MILLIS);
    threads.setDaemon(true);
    return threads;
  }

  private static HttpConfiguration http() {
    HttpConfiguration http = new HttpConfiguration();
    // Certificates name no hosts: machines have many names.
    http.addCustomizer(new SecureRequestCustomizer(false));
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    return http;
  }
}
