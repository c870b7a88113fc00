// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.List;
import java.util.Optional;

/**
 * The replicated documents this process holds: verified, persistent before anybody hears of them.
 * Any thread.
 */
public interface Documents {
  int MAX_CONFLICTS = 16;

  Optional<Document> held(DocumentType type);

  /** The first settings document; its hash is the overlay's id. */
  Document genesis();

  /** Takes the document if it is genuine and newer, after it is on disk. */
  Offer offer(Document document);

  /**
   * Genuine documents that lost without the winner building upon them (T5): kept until a later one
   * names them among its ancestors, at most {@link #MAX_CONFLICTS} a type, the newest; in the order
   * of their rank.
   */
  default List<Document> conflicts(DocumentType type) {
    return List.of();
  }

  /** Hashes of all conflicts of all types, in the order of their rank. */
  default List<String> conflictHashes() {
    return List.of();
  }

  /** Called after each adoption, on the thread that offered. */
  void subscribe(Listener listener);

  void unsubscribe(Listener listener);

  default Versions versions() {
    Versions versions = Versions.NONE;
    for (DocumentType type : DocumentType.values()) {
      Optional<Document> document = held(type);
      if (document.isPresent()) {
        versions = versions.with(type, document.get().version());
      }
    }
    return versions;
  }

  default String overlayId() {
    return genesis().hash();
  }

  default Settings settings() {
    return Settings.ofBody(held(DocumentType.SETTINGS).orElse(genesis()).body());
  }

  default MachineList list() {
    return held(DocumentType.LIST).map(d -> MachineList.ofBody(d.body())).orElse(MachineList.EMPTY);
  }

  default Livetag livetag() {
    return held(DocumentType.LIVETAG).map(d -> Livetag.ofBody(d.body())).orElse(Livetag.on());
  }

  /** What counts as K_E: the held keyring, else the key that the settings name. */
  default Keyring keyring() {
    return held(DocumentType.KEYRING)
        .map(d -> Keyring.ofBody(d.body()))
        .orElseGet(() -> Keyring.of(settings().keyId()));
  }

  default Optional<Release> release() {
    return held(DocumentType.RELEASE).map(d -> Release.ofBody(d.body()));
  }

  /** Told of adoptions; must not block. */
  interface Listener {
    void adopted(Document document);

    /** Two operators edited from the same version; the loser is kept (T5). */
    default void conflict(Document winner, Document loser) {}
  }

  /** What became of an offered document. */
  record Offer(Verdict verdict, String reason) {
    public enum Verdict {
      ADOPTED,
      /** Held already. */
      KNOWN,
      /** Genuine, but the held one is newer. */
      OLDER,
      /** Genuine, but another one won that does not build upon it; kept beside it (T5). */
      CONFLICT,
      /**
       * Not genuine: unsigned, wrong key, other overlay, counter out of range; reason says which.
       */
      REFUSED
    }
  }
}
