// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.Optional;

/**
 * The releases whose files are here (R19, R23). The newest one that was published, which may not
 * run here yet, is a document like the others: {@link Documents#release}. Any thread.
 */
public interface Releases {
  /** The signed manifest of the last set that proved good: what runs, or runs after a start. */
  Optional<Document> adopted();

  /** The one before it, to which this machine can go back; empty after an installation. */
  Optional<Document> previous();

  /**
   * What a new machine is given: the adopted one once all its waves are complete in the overlay,
   * until then the one before (R20, R23).
   */
  Optional<Document> deployable();

  /** Of somebody who runs no release: the newest one is the one to give. */
  static Releases newest(Documents documents) {
    return new Releases() {
      @Override
      public Optional<Document> adopted() {
        return documents.held(DocumentType.RELEASE);
      }

      @Override
      public Optional<Document> previous() {
        return Optional.empty();
      }

      @Override
      public Optional<Document> deployable() {
        return adopted();
      }
    };
  }
}
