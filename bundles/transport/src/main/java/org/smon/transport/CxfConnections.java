// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.OverlayChannel;
import org.smon.wire.AgentApi;
import org.smon.wire.Connections;
import org.smon.wire.PeerApi;

/**
 * Client proxies by target. A new one costs a handshake and 10 to 60 ms, so the last used are kept;
 * after a change of K_E they are made anew. Any thread.
 */
@Component(service = Connections.class)
public final class CxfConnections implements Connections, AutoCloseable {
  /** About 40 kB each. */
  private static final int MAX_PROXIES = 64;

  private final OverlayChannel channel;
  private final CxfClients clients = new CxfClients();
  private final Map<Target, Object> proxies = new LinkedHashMap<>(16, 0.75f, true);

  @Activate
  public CxfConnections(@Reference OverlayChannel channel) {
    this.channel = channel;
    channel.onChange(this::forget);
  }

  @Override
  public PeerApi peer(String host, int port, int timeoutMillis) {
    return proxy(new Target(PeerApi.class, host, port, null, timeoutMillis), PeerApi.class);
  }

  @Override
  public AgentApi agent(String host, int port, String publicKey, int timeoutMillis) {
    return proxy(new Target(AgentApi.class, host, port, publicKey, timeoutMillis), AgentApi.class);
  }

  @Override
  @Deactivate
  public void close() {
    forget();
    clients.close();
  }

  private synchronized void forget() {
    proxies.clear();
  }

  private synchronized <T> T proxy(Target target, Class<T> contract) {
    Object proxy = proxies.get(target);
    if (proxy == null) {
      proxy = clients.create(target, contract, channel.context());
      proxies.put(target, proxy);
      if (proxies.size() > MAX_PROXIES) {
        proxies.remove(proxies.keySet().iterator().next());
      }
    }
    return contract.cast(proxy);
  }

  /**
   * Whom a proxy speaks to.
   *
   * @param publicKey base64 X.509, or null for any of the overlay
   * @param timeoutMillis to connect, and again to wait for bytes
   */
  record Target(Class<?> contract, String host, int port, String publicKey, int timeoutMillis) {
    String uri() {
      return "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/";
    }
  }
}
