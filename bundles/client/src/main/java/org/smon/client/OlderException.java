// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import org.smon.api.DocumentType;

/** What was to be published is older than what the overlay holds, which this home holds by now. */
final class OlderException extends FailedException {
  private static final long serialVersionUID = 1L;

  OlderException(DocumentType type) {
    this("the overlay holds a newer " + type.word() + ", now fetched; look at it and edit again");
  }

  private OlderException(String message) {
    super(message);
  }

  /** Another command of the same home was quicker. */
  static OlderException inThisHome(DocumentType type) {
    return new OlderException(
        "another command of this home has just changed the "
            + type.word()
            + "; run this one again");
  }

  /** Both built upon the same version; the loser is kept beside the winner (T5). */
  static OlderException conflict(DocumentType type, long winner) {
    return new OlderException(
        "somebody else's %s %d was signed at the same time and won; yours is kept, see `smon machines conflicts`"
            .formatted(type.word(), winner));
  }
}
