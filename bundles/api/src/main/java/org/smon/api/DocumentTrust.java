// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.Optional;

/** Decides whether a document is genuine (R40). Pure: no IO, no clock. Any thread. */
public interface DocumentTrust {
  /**
   * Why the offered document is not genuine, as one line; empty if it is. Says nothing about which
   * of two genuine ones is newer.
   *
   * @param overlay the id of the overlay it has to belong to
   * @param settings what is in force: its operators' signatures count
   * @param held the document of the offered one's type that is held, or null
   */
  Optional<String> refusal(Document offered, String overlay, Settings settings, Document held);
}
