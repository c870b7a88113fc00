// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.Locale;

/** What the overlay replicates as signed documents (R2, R40); one of each type is in force. */
public enum DocumentType {
  SETTINGS,
  LIST,
  LIVETAG,
  RELEASE,
  KEYRING;

  /** The word in documents, paths and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static DocumentType ofWord(String word) {
    for (DocumentType type : values()) {
      if (type.word().equals(word)) {
        return type;
      }
    }
    throw new InvalidInputException("document type " + Names.quote(word) + " is not known");
  }
}
