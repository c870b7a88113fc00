// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.io.IOException;
import java.util.List;
import org.apache.cxf.Bus;
import org.apache.cxf.configuration.jsse.TLSServerParameters;
import org.apache.cxf.endpoint.Server;
import org.apache.cxf.jaxrs.JAXRSServerFactoryBean;
import org.apache.cxf.jaxrs.lifecycle.SingletonResourceProvider;
import org.apache.cxf.transport.http_jetty.JettyHTTPServerEngine;
import org.apache.cxf.transport.http_jetty.JettyHTTPServerEngineFactory;
import org.smon.api.InvalidInputException;
import org.smon.api.OverlayChannel;
import org.smon.wire.JsonBody;

/**
 * One open port that serves one JAX-RS contract under K_E. The only place that sets up CXF's server
 * side, so that another engine means another one of these. Any thread.
 */
public final class OverlayListener implements AutoCloseable {
  private final TlsConnector connector;
  private final Bus bus;
  private final Server server;
  private List<String> trusted;

  private OverlayListener(TlsConnector connector, Bus bus, Server server, List<String> trusted) {
    this.connector = connector;
    this.bus = bus;
    this.server = server;
    this.trusted = trusted;
  }

  /**
   * Binds the port and serves.
   *
   * @param channel the overlay's: own certificate, trust in the overlay's CAs alone
   * @param host the address to bind, or null for all
   * @param port 0 for any free one
   * @param contract the interface with the JAX-RS annotations
   * @throws IOException with one line when the port cannot be bound
   */
  public static <T> OverlayListener open(
      OverlayChannel channel, String host, int port, Class<T> contract, T service)
      throws IOException {
    TlsConnector connector = TlsConnector.bind(channel.context(), host, port);
    Bus bus = QuietBus.create();
    try {
      useConnector(bus, connector);
      Server server = serve(bus, connector.port(), contract, service);
      return new OverlayListener(connector, bus, server, channel.trusted());
    } catch (RuntimeException e) {
      int bound = connector.port(); // a closed one has none
      bus.shutdown(true);
      connector.close();
      throw new IOException("port " + bound + " cannot be served: " + e.getMessage(), e);
    }
  }

  /** The port that is open. */
  public int port() {
    return connector.port();
  }

  /**
   * Goes on with the keys that are trusted now while the port stays open (R41). If one is trusted
   * no more, the connections made before are closed, after a moment for the answers under way:
   * sessions outlive the trust they were made under.
   */
  public synchronized void reload(OverlayChannel channel) {
    List<String> next = channel.trusted();
    connector.reload(channel.context());
    if (!next.containsAll(trusted)) {
      connector.closeConnections();
    }
    trusted = next;
  }

  @Override
  public void close() {
    server.destroy();
    bus.shutdown(true);
    connector.close();
  }

  /** CXF's engines are found by port: the one made here is what the server below will use. */
  private static void useConnector(Bus bus, TlsConnector connector) {
    JettyHTTPServerEngineFactory engines = bus.getExtension(JettyHTTPServerEngineFactory.class);
    try {
      engines.setTLSServerParametersForPort(connector.port(), new TLSServerParameters());
      JettyHTTPServerEngine engine = engines.createJettyHTTPServerEngine(connector.port(), "https");
      engine.setSessionSupport(false);
      engine.setSendServerVersion(false);
      engine.setConnector(connector.jetty());
    } catch (IOException | java.security.GeneralSecurityException e) {
      throw new InvalidInputException(e.getMessage());
    }
  }

  private static <T> Server serve(Bus bus, int port, Class<T> contract, T service) {
    JAXRSServerFactoryBean factory = new JAXRSServerFactoryBean();
    factory.setBus(bus);
    factory.setAddress("https://0.0.0.0:" + port + "/");
    factory.setResourceClasses(contract);
    factory.setResourceProvider(contract, new SingletonResourceProvider(service, false));
    factory.setProviders(List.of(new JsonBody(), new BodyLimit(), new ErrorAnswers()));
    return factory.create();
  }
}
