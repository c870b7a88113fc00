// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.smon.api.AgentAddress;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.LocalPeer;
import org.smon.api.Machine;
import org.smon.api.State;
import org.smon.api.Versions;
import org.smon.api.Vitals;
import org.smon.kernel.Complaint;
import org.smon.wire.Connections;
import org.smon.wire.PeerApi;
import org.smon.wire.Ping;
import org.smon.wire.ProbeAnswer;
import org.smon.wire.ProbeMessage;

/**
 * What a set on trial has to show of itself (R23): its endpoint answers, pings go and come, its
 * state can be read, the agent can be reached as before. What the network does not carry is no
 * fault of a release: a fellow counts only while it answers.
 */
final class Vigil {
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int FELLOWS = 3;
  private static final String SPOKE = "fellows";
  private static final String AGENT = "agent";

  private final LocalPeer self;
  private final Documents documents;
  private final State state;
  private final Connections connections;
  private boolean heard;
  private boolean agentSeen;

  Vigil(Surroundings around) {
    this.self = around.self();
    this.documents = around.documents();
    this.state = around.state();
    this.connections = around.connections();
  }

  /** What is well before a swap, for {@link #complaints} after it. */
  String baseline(Vitals vitals) {
    List<String> well = new ArrayList<>();
    if (vitals != null && vitals.pongsReceived() > 0) {
      well.add(SPOKE);
    }
    if (agentAnswers()) {
      well.add(AGENT);
    }
    return String.join(" ", well);
  }

  /**
   * @param vitals gossip's, or null if there is none
   */
  List<Complaint> complaints(String baseline, Vitals vitals) {
    List<String> well = List.of(baseline.split(" "));
    if (!endpointAnswers()) {
      return List.of(Complaint.soFar("its endpoint does not answer"));
    }
    if (!stateIsReadable()) {
      return List.of(Complaint.soFar("its state cannot be read"));
    }
    if (vitals == null) {
      return List.of(Complaint.soFar("its gossip tells nothing of itself"));
    }
    if (well.contains(SPOKE) && !heard(vitals)) {
      return List.of(Complaint.soFar("pings do not go and come"));
    }
    if (well.contains(AGENT) && !agentSeen()) {
      return List.of(Complaint.soFar("the agent cannot be reached any more"));
    }
    return List.of();
  }

  /**
   * Pings go and come, both by gossip's own account and by a fellow who was asked to ping. Where no
   * fellow answers this very class either, it is the network, or they are busy with themselves.
   */
  private boolean heard(Vitals vitals) {
    if (heard || !documents.livetag().value()) {
      return true;
    }
    List<Machine> there =
        someFellows().stream()
            .filter(fellow -> answer(() -> peer(fellow.name()).ping(ping())).isPresent())
            .toList();
    heard =
        vitals.pongsReceived() > 0 && there.stream().anyMatch(fellow -> isPingedBy(fellow.name()));
    return heard || there.isEmpty();
  }

  /** Its ping arrives here and the pong there. */
  private boolean isPingedBy(String fellow) {
    return answer(() -> peer(fellow).probe(new ProbeMessage(self.name(), self.name())))
        .map(ProbeAnswer::answered)
        .orElse(false);
  }

  private boolean agentSeen() {
    agentSeen = agentSeen || agentAnswers();
    return agentSeen || documents.settings().agents().stream().noneMatch(Vigil::accepts);
  }

  private boolean endpointAnswers() {
    for (String host : List.of(self.name(), "127.0.0.1")) {
      Optional<Ping> pong = answer(() -> peer(host).ping(ping()));
      if (pong.isPresent() && pong.get().from().equals(self.name())) {
        return true;
      }
    }
    return false;
  }

  private List<Machine> someFellows() {
    List<Machine> fellows = new ArrayList<>(documents.list().machines());
    fellows.removeIf(machine -> machine.name().equals(self.name()));
    Collections.shuffle(fellows);
    return fellows.subList(0, Math.min(FELLOWS, fellows.size()));
  }

  private boolean stateIsReadable() {
    for (DocumentType type : List.of(DocumentType.SETTINGS, DocumentType.LIST)) {
      Optional<Document> held = documents.held(type);
      if (held.isPresent() && answer(() -> state.read("doc-" + type.word())).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private boolean agentAnswers() {
    for (AgentAddress agent : documents.settings().agents()) {
      boolean answers =
          answer(
                  () ->
                      connections
                          .agent(agent.host(), agent.port(), agent.publicKey(), TIMEOUT_MILLIS)
                          .identity())
              .isPresent();
      if (answers) {
        return true;
      }
    }
    return false;
  }

  private PeerApi peer(String machine) {
    return connections.peer(machine, documents.settings().gossipPort(), TIMEOUT_MILLIS);
  }

  private Ping ping() {
    return Ping.of(self.overlay(), self.name(), self.started().toEpochMilli(), Versions.NONE, 0);
  }

  /** Empty if there was none, for whatever reason: that is all that matters here. */
  private static <T> Optional<T> answer(Callable<T> question) {
    try {
      return Optional.ofNullable(question.call());
    } catch (Exception e) {
      return Optional.empty();
    }
  }

  private static boolean accepts(AgentAddress agent) {
    return accepts(agent.host(), agent.port());
  }

  private static boolean accepts(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
