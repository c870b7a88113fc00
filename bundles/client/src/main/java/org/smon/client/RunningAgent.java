// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.smon.agent.AgentEndpoint;
import org.smon.agent.AuditLog;
import org.smon.agent.FirstUse;
import org.smon.agent.PolicyAgent;
import org.smon.agent.SshKey;
import org.smon.agent.SshWipeCheck;
import org.smon.api.Documents;
import org.smon.api.LoginAgent;
import org.smon.api.OverlayChannel;
import org.smon.transport.CxfConnections;
import org.smon.transport.OverlayListener;
import org.smon.wire.AgentApi;

/** An authentication agent in this process, with its port open. */
final class RunningAgent implements AutoCloseable {
  private final AgentIdentity identity;
  private final PolicyAgent policy;
  private final AuditLog audit;
  private final OverlayListener listener;
  private final CxfConnections connections;
  private final HomeWatch watch;

  private RunningAgent(
      AgentIdentity identity,
      PolicyAgent policy,
      AuditLog audit,
      OverlayListener listener,
      CxfConnections connections,
      HomeWatch watch) {
    this.identity = identity;
    this.policy = policy;
    this.audit = audit;
    this.listener = listener;
    this.connections = connections;
    this.watch = watch;
  }

  /**
   * @param host the address to listen at, or null for all
   * @param port 0 for any free one
   * @param auditFile where every decision is appended
   */
  static RunningAgent start(
      ClientHome home,
      List<SshKey> keys,
      PasswordOptions passwords,
      FirstUse firstUse,
      String host,
      int port,
      Path auditFile)
      throws IOException {
    AgentIdentity identity = AgentIdentity.of(home);
    Documents documents = AgentDocuments.open(home);
    AuditLog audit = new AuditLog(auditFile);
    OverlayChannel channel = home.agentChannel(documents, identity.tls());
    CxfConnections connections = new CxfConnections(channel);
    AgentDocuments refresh = new AgentDocuments(home, documents, channel, connections);
    PolicyAgent policy =
        new PolicyAgent(
            documents,
            keys,
            identity.enrolment(),
            firstUse,
            audit,
            home.agentDirectory(),
            refresh,
            new SshWipeCheck(identity.enrolment()),
            passwords.logins(home, keys.get(0), audit),
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    OverlayListener listener =
        OverlayListener.open(
            channel,
            host,
            port,
            AgentApi.class,
            new AgentEndpoint(policy, identity.told(), documents, channel));
    channel.onChange(() -> listener.reload(channel));
    HomeWatch watch = new HomeWatch(home, refresh::homeChanged);
    return new RunningAgent(identity, policy, audit, listener, connections, watch);
  }

  AgentIdentity identity() {
    return identity;
  }

  /** For a deployer in this very process. */
  LoginAgent policy() {
    return policy;
  }

  int port() {
    return listener.port();
  }

  @Override
  public void close() throws IOException {
    watch.close();
    listener.close();
    connections.close();
    audit.close();
  }
}
