// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smon.api.AgentAddress;
import org.smon.api.Document;
import org.smon.api.RefusedException;
import org.smon.wire.AgentApi;
import org.smon.wire.KeyExchange;

/**
 * The agents during a rotation of K_E: members too, and nobody logs in to them to bring the key. An
 * agent that runs from this home sees its files; others are told over their own channel. One
 * thread; calls block for some seconds at most.
 */
final class KeyAgents {
  private static final int PATIENCE_MILLIS = 3_000;

  private final ClientHome home;
  private final Map<String, AgentAddress> followed = new LinkedHashMap<>();

  private KeyAgents(ClientHome home) {
    this.home = home;
  }

  /**
   * Those that answer now. One line if another than this home's own does not: it would be left with
   * a key that nobody takes.
   */
  static KeyAgents answering(ClientHome home) throws IOException {
    KeyAgents agents = new KeyAgents(home);
    for (AgentAddress agent : home.documents().settings().agents()) {
      for (String host : addresses(agent.host())) {
        agents.follow(host, agent);
      }
    }
    return agents;
  }

  private void follow(String host, AgentAddress agent) throws IOException {
    try {
      api(host, agent).identity();
      followed.put(host, agent);
    } catch (UncheckedIOException | RefusedException e) {
      if (!isOwn(agent)) {
        throw new FailedException(
            "the agent at %s does not answer (%s) and would be left behind; start it, or name the agents anew by `smon agents set`"
                .formatted(agent.address(), Main.told(e)),
            e);
      }
    }
  }

  boolean any() {
    return !followed.isEmpty();
  }

  /** Tells them of the keyring and brings what they lack; who does not follow yet, and why. */
  Map<String, String> behind(Document keyring) {
    Map<String, String> behind = new LinkedHashMap<>();
    KeyExchange keys = new KeyExchange(home.documents(), home.channel());
    followed.forEach(
        (host, agent) -> {
          try {
            AgentApi api = api(host, agent);
            api.offer(keyring.text());
            keys.bring(api::offerKey);
            Long by = api.identity().keyring();
            if (by == null || by < keyring.counter()) {
              behind.put(agent.address(), "it has no keyring " + keyring.counter() + " yet");
            }
          } catch (UncheckedIOException | RefusedException e) {
            behind.put(agent.address(), Main.told(e));
          }
        });
    return behind;
  }

  private AgentApi api(String host, AgentAddress agent) {
    return home.connections().agent(host, agent.port(), agent.publicKey(), PATIENCE_MILLIS);
  }

  private boolean isOwn(AgentAddress agent) throws IOException {
    return Files.exists(home.agentDirectory())
        && AgentIdentity.of(home).tls().publicText().equals(agent.publicKey());
  }

  private static List<String> addresses(String host) {
    List<String> addresses = new ArrayList<>();
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        addresses.add(address.getHostAddress());
      }
    } catch (UnknownHostException e) {
      addresses.add(host); // the failure to reach it names it
    }
    return addresses;
  }
}
