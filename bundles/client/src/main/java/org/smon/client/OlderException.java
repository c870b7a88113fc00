// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import org.smon.api.DocumentType;

/** What was to be published is older than what the overlay holds, which this home holds by now. */
final class OlderException extends FailedException {
  private static final long serialVersionUID = 1L;

  OlderException(DocumentType type) {
    super("the overlay holds a newer " + type.word() + ", now fetched; look at it and edit again");
  }
}
