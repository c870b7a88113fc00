// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.smon.agent.PolicyAgent;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.InvalidInputException;
import org.smon.api.OverlayChannel;
import org.smon.api.RefusedException;
import org.smon.api.Versions;
import org.smon.membership.HeldDocuments;
import org.smon.security.OperatorTrust;
import org.smon.store.FileState;
import org.smon.wire.Connections;
import org.smon.wire.KeyExchange;
import org.smon.wire.PeerApi;

/**
 * The documents an agent decides by. A replica of its own, because the verbs write the home's at
 * the same time; newer ones come from that home, and from the peer that turns out to hold them .
 * Whoever brings them, the operator's signature decides.
 */
final class AgentDocuments implements PolicyAgent.Refresh {
  private static final int PATIENCE_MILLIS = 3_000;
  private static final String CLIENT = "client";

  private final ClientHome home;
  private final Documents documents;
  private final OverlayChannel channel;
  private final Connections connections;
  private final KeyExchange keys;

  /**
   * @param channel the agent's own, which goes with these documents
   */
  AgentDocuments(
      ClientHome home, Documents documents, OverlayChannel channel, Connections connections) {
    this.home = home;
    this.documents = documents;
    this.channel = channel;
    this.connections = connections;
    keys = new KeyExchange(documents, channel);
  }

  static Documents open(ClientHome home) throws IOException {
    FileState state = new FileState(home.agentDirectory().resolve("documents"));
    Documents documents =
        HeldDocuments.found(state, new OperatorTrust(), home.documents().genesis());
    takeFrom(home, documents);
    return documents;
  }

  /** A verb signed a keyring, or somebody laid down a key. */
  void homeChanged() {
    fromHome();
    channel.refresh();
  }

  @Override
  public void from(String requester, Versions theirs) {
    fromHome();
    if (!requester.equals(CLIENT)) {
      for (DocumentType type : DocumentType.values()) {
        if (theirs.counter(type) > documents.versions().counter(type)) {
          fetch(requester, type);
        }
      }
    }
  }

  private void fromHome() {
    takeFrom(home, documents);
  }

  private static void takeFrom(ClientHome home, Documents documents) {
    ClientHome fresh = ClientHome.open(home.directory());
    for (DocumentType type : DocumentType.values()) {
      Optional<Document> held = fresh.documents().held(type);
      held.ifPresent(documents::offer);
    }
  }

  /** What cannot be had now is no reason to refuse: the agent goes on by what it holds. */
  private void fetch(String requester, DocumentType type) {
    try {
      int port = documents.settings().gossipPort();
      PeerApi peer = connections.peer(requester, port, PATIENCE_MILLIS);
      documents.offer(Document.parse(peer.document(type.word())));
      if (type == DocumentType.KEYRING) {
        keys.seek(peer::key);
      }
    } catch (UncheckedIOException | RefusedException | InvalidInputException e) {
      home.events().emit("fetch-failed", requester, Main.told(e), java.util.Map.of());
    }
  }
}
