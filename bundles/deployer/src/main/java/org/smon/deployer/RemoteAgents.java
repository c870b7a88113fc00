// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.AgentAddress;
import org.smon.api.Documents;
import org.smon.api.LoginAgent;
import org.smon.api.RefusedException;
import org.smon.wire.AgentApi;
import org.smon.wire.Connections;

/**
 * The agents of the signed settings as one (R36): every address their names resolve to, the one
 * that answered quickest first, the next when one is down. Each must prove the public key that the
 * settings name (K_E gives nobody that role). A refusal is an answer: no other agent is asked. Who
 * permitted a login signs for it too: the others know neither the permit nor its enrolment key.
 */
@Component(service = LoginAgent.class)
public final class RemoteAgents implements LoginAgent {
  private static final int TIMEOUT_MILLIS = 5_000;

  /** Sorts an address that just failed behind all that answered, however slowly. */
  private static final long DOWN_NANOS = Long.MAX_VALUE / 2;

  private final Documents documents;
  private final Connections connections;

  /** Logins under way are few; this only keeps a long-lived peer from remembering all. */
  private static final int PERMITS_KEPT = 1_000;

  private final Map<String, Long> nanosByAddress = new ConcurrentHashMap<>();
  private final Map<String, Replica> permittedBy =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Replica> eldest) {
              return size() > PERMITS_KEPT;
            }
          });

  @Activate
  public RemoteAgents(@Reference Documents documents, @Reference Connections connections) {
    this.documents = documents;
    this.connections = connections;
  }

  @Override
  public LoginPermit permit(LoginRequest request) throws RefusedException, IOException {
    List<String> failures = new ArrayList<>();
    for (Replica replica : replicas()) {
      try {
        LoginPermit permit = ask(replica, agent -> agent.permit(request));
        permittedBy.put(request.machine(), replica);
        return permit;
      } catch (IOException e) {
        failures.add(e.getMessage());
      }
    }
    throw new IOException(
        failures.isEmpty()
            ? "the settings name no agent; start one with `smon agent` and name it with `smon agents set`"
            : "no agent answers (" + String.join("; ", failures) + ")");
  }

  @Override
  public byte[] sign(SignRequest request) throws RefusedException, IOException {
    Replica replica = permittedBy.get(request.machine());
    if (replica == null) {
      throw new IOException("no agent has permitted a login to " + request.machine());
    }
    return ask(replica, agent -> agent.sign(request).signature());
  }

  private <T> T ask(Replica replica, Question<T> question) throws RefusedException, IOException {
    long began = System.nanoTime();
    try {
      T answer =
          question.put(
              connections.agent(replica.host, replica.port, replica.publicKey, TIMEOUT_MILLIS));
      nanosByAddress.put(replica.key(), System.nanoTime() - began);
      return answer;
    } catch (UncheckedIOException e) {
      nanosByAddress.put(replica.key(), DOWN_NANOS);
      throw new IOException(replica.key() + ": " + e.getCause().getMessage(), e);
    }
  }

  private List<Replica> replicas() {
    List<Replica> replicas = new ArrayList<>();
    for (AgentAddress agent : documents.settings().agents()) {
      addresses(agent.host())
          .forEach(host -> replicas.add(new Replica(host, agent.port(), agent.publicKey())));
    }
    replicas.sort(
        Comparator.comparingLong(replica -> nanosByAddress.getOrDefault(replica.key(), 0L)));
    return replicas;
  }

  /** A name that does not resolve is tried as it is, so that the failure names it. */
  private static List<String> addresses(String host) {
    try {
      return List.of(InetAddress.getAllByName(host)).stream()
          .map(InetAddress::getHostAddress)
          .toList();
    } catch (UnknownHostException e) {
      return List.of(host);
    }
  }

  private interface Question<T> {
    T put(AgentApi agent) throws RefusedException;
  }

  private record Replica(String host, int port, String publicKey) {
    String key() {
      return host + ":" + port;
    }
  }
}
