// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Livetag;
import org.smon.api.Version;
import org.smon.api.Versions;

/**
 * What the core has to know of the documents a peer holds. Immutable; peers of a simulation share
 * it.
 *
 * @param waitMillis WAIT_INTERVAL of the signed settings (R4)
 */
public record Held(Versions versions, Roster roster, Livetag livetag, int waitMillis) {

  /**
   * Reads the documents in force.
   *
   * @param known the roster held before, taken over if the list is still the same, or null
   */
  public static Held of(Documents documents, Roster known) {
    Versions versions = documents.versions();
    String listHash = versions.of(DocumentType.LIST).map(Version::hash).orElse("");
    Roster roster =
        known != null && known.hash().equals(listHash)
            ? known
            : new Roster(documents.list(), listHash);
    return new Held(versions, roster, documents.livetag(), documents.settings().waitMillis());
  }

  boolean isNewerThan(Versions other, DocumentType type) {
    return versions.counter(type) > other.counter(type);
  }

  boolean isOlderThan(Versions other, DocumentType type) {
    return versions.counter(type) < other.counter(type);
  }

  /** Same counter, other text: which one counts is the documents' own rule. */
  boolean conflictsWith(Versions other, DocumentType type) {
    Version mine = versions.of(type).orElse(null);
    Version theirs = other.of(type).orElse(null);
    return mine != null
        && theirs != null
        && mine.counter() == theirs.counter()
        && !mine.hash().equals(theirs.hash());
  }
}
