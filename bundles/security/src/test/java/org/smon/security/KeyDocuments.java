// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Keyring;
import org.smon.api.Settings;

/** Documents of which only the settings and the keyring matter. */
final class KeyDocuments implements Documents {
  private final Document genesis;
  private final List<Listener> listeners = new ArrayList<>();
  private Document keyring;

  KeyDocuments(String keyId) {
    Settings settings =
        new Settings("demo", List.of("a2V5"), List.of(), "me", 7600, keyId, 5000, 2000);
    genesis = Document.genesis(settings.body(), Signed.NOW);
  }

  KeyDocuments with(Keyring next) {
    keyring =
        keyring == null
            ? Document.first(DocumentType.KEYRING, genesis.hash(), next.body(), Signed.NOW)
            : keyring.next(next.body(), Signed.NOW);
    List.copyOf(listeners).forEach(listener -> listener.adopted(keyring));
    return this;
  }

  @Override
  public Optional<Document> held(DocumentType type) {
    return type == DocumentType.KEYRING
        ? Optional.ofNullable(keyring)
        : type == DocumentType.SETTINGS ? Optional.of(genesis) : Optional.empty();
  }

  @Override
  public Document genesis() {
    return genesis;
  }

  @Override
  public Offer offer(Document document) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void subscribe(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void unsubscribe(Listener listener) {
    listeners.remove(listener);
  }
}
