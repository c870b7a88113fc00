// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Livetag;
import org.smon.api.MachineList;
import org.smon.api.Settings;

/** Documents of one overlay; trust and order are membership's and its tests'. */
final class HeldInMemory implements Documents {
  private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
  private static final Settings SETTINGS =
      new Settings("test", List.of("a2V5"), List.of(), "ops", 7600, "00", 5000, 2000);

  private final Document genesis = Document.genesis(SETTINGS.body(), AT);
  private final Map<DocumentType, Document> held = new EnumMap<>(DocumentType.class);

  HeldInMemory() {
    held.put(DocumentType.SETTINGS, genesis);
    hold(new Livetag(true, 600));
  }

  void hold(MachineList list) {
    hold(DocumentType.LIST, list.body());
  }

  void hold(Livetag livetag) {
    hold(DocumentType.LIVETAG, livetag.body());
  }

  private void hold(DocumentType type, String body) {
    Document before = held.get(type);
    held.put(
        type,
        before == null ? Document.first(type, genesis.hash(), body, AT) : before.next(body, AT));
  }

  @Override
  public Optional<Document> held(DocumentType type) {
    return Optional.ofNullable(held.get(type));
  }

  @Override
  public Document genesis() {
    return genesis;
  }

  @Override
  public Offer offer(Document document) {
    held.put(document.type(), document);
    return new Offer(Offer.Verdict.ADOPTED, null);
  }

  @Override
  public void subscribe(Listener listener) {
    throw new UnsupportedOperationException("nobody listens in these tests");
  }

  @Override
  public void unsubscribe(Listener listener) {
    throw new UnsupportedOperationException("nobody listens in these tests");
  }
}
