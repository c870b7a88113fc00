// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.Documents;
import org.smon.api.Documents.Offer;
import org.smon.api.InvalidInputException;
import org.smon.api.LoginAgent;
import org.smon.api.LoginAgent.LoginPermit;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.LoginAgent.SignRequest;
import org.smon.api.OverlayChannel;
import org.smon.api.RefusedException;
import org.smon.wire.AgentApi;
import org.smon.wire.KeyAnswer;
import org.smon.wire.KeyExchange;
import org.smon.wire.KeyMessage;
import org.smon.wire.OfferAnswer;

/** The agent as others reach it under K_E. */
public final class AgentEndpoint implements AgentApi {
  private final LoginAgent agent;
  private final Identity identity;
  private final Documents documents;
  private final OverlayChannel channel;
  private final KeyExchange keys;

  /**
   * @param documents what the agent decides by
   * @param channel by which it is reached
   */
  public AgentEndpoint(
      LoginAgent agent, Identity identity, Documents documents, OverlayChannel channel) {
    this.agent = agent;
    this.identity = identity;
    this.documents = documents;
    this.channel = channel;
    keys = new KeyExchange(documents, channel);
  }

  @Override
  public Identity identity() {
    return new Identity(identity.publicKey(), identity.enrolmentKey(), channel.keyring());
  }

  @Override
  public KeyAnswer offerKey(KeyMessage key) throws RefusedException {
    return keys.taken(key);
  }

  @Override
  public LoginPermit permit(LoginRequest request) throws RefusedException {
    return answer(() -> agent.permit(request));
  }

  @Override
  public Signed sign(SignRequest request) throws RefusedException {
    return answer(() -> new Signed(agent.sign(request)));
  }

  /** Whoever brings it: the operator's signature decides, as in all the overlay. */
  @Override
  public OfferAnswer offer(String text) throws RefusedException {
    return answer(
        () -> {
          Document document = Document.parse(text);
          Offer offer = documents.offer(document);
          boolean older = offer.verdict() == Offer.Verdict.OLDER;
          Optional<Document> held = older ? documents.held(document.type()) : Optional.empty();
          return new OfferAnswer(
              offer.verdict(), offer.reason(), held.map(Document::text).orElse(null));
        });
  }

  private interface Answer<T> {
    T get() throws RefusedException, IOException;
  }

  private static <T> T answer(Answer<T> answer) throws RefusedException {
    try {
      return answer.get();
    } catch (InvalidInputException e) {
      throw new RefusedException(e.getMessage());
    } catch (IOException e) {
      throw new RefusedException("the agent cannot decide: " + e.getMessage());
    }
  }
}
