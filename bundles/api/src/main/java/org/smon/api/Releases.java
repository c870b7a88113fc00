// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.Optional;

/**
 * The releases whose files this machine has (R19, R23). The newest one that was published, which
 * may not run here yet, is a document like the others: {@link Documents#release}. Any thread.
 */
public interface Releases {
  /**
   * The signed manifest of the last set that proved good here: what runs, or runs after a start.
   */
  Document adopted();

  /** The one before it, to which this machine can go back; empty after an installation. */
  Optional<Document> previous();

  /**
   * What a new machine is given: the adopted one once all its waves are complete in the overlay,
   * until then the one before (R20, R23).
   */
  Document deployable();
}
