// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.cxf.Bus;
import org.apache.cxf.configuration.jsse.TLSClientParameters;
import org.apache.cxf.jaxrs.client.JAXRSClientFactoryBean;
import org.apache.cxf.jaxrs.client.WebClient;
import org.apache.cxf.transport.http.HTTPConduit;
import org.apache.cxf.transports.http.configuration.HTTPClientPolicy;
import org.smon.transport.CxfConnections.Target;
import org.smon.wire.JsonBody;

/** Makes CXF client proxies: the only place that sets up CXF's client side. Any thread. */
final class CxfClients implements AutoCloseable {
  private final Bus bus;

  CxfClients() {
    // The JDK would silently send a POST a second time after a lost connection.
    System.setProperty("sun.net.http.retryPost", "false");
    bus = QuietBus.create();
  }

  <T> T create(Target target, Class<T> contract, SSLContext tls) {
    JAXRSClientFactoryBean factory = new JAXRSClientFactoryBean();
    factory.setBus(bus);
    factory.setServiceClass(contract);
    factory.setAddress(target.uri());
    factory.setProviders(List.of(new JsonBody(), new AnswerLimit()));
    T proxy = factory.create(contract);
    configure(WebClient.getConfig(proxy).getHttpConduit(), target, tls);
    return new Refusals<>(proxy, contract, target).face();
  }

  @Override
  public void close() {
    bus.shutdown(true);
  }

  private static void configure(HTTPConduit conduit, Target target, SSLContext tls) {
    TLSClientParameters parameters = new TLSClientParameters();
    if (target.publicKey() == null) {
      parameters.setSslContext(tls);
    } else {
      parameters.setSSLSocketFactory(new PinnedSockets(tls.getSocketFactory(), target.publicKey()));
    }
    // Trust is the overlay's CA alone; its certificates name no hosts, machines have many names.
    parameters.setDisableCNCheck(true);
    conduit.setTlsClientParameters(parameters);
    HTTPClientPolicy policy = new HTTPClientPolicy();
    policy.setVersion("1.1");
    policy.setAllowChunking(false);
    policy.setAutoRedirect(false);
    policy.setConnectionTimeout(target.timeoutMillis());
    policy.setReceiveTimeout(target.timeoutMillis());
    conduit.setClient(policy);
  }
}
