// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.InvalidInputException;

class DocumentWordTest {
  private static final Document DOCUMENT =
      new Document(
          DocumentType.LIST,
          "ab".repeat(32),
          7,
          List.of("cd".repeat(32)),
          Instant.parse("2026-11-24T03:00:00Z"),
          "a.example op 22 - -\n".repeat(500),
          List.of(new Document.Seal("a2V5", "c2ln")));

  @Test
  void aDocumentIsOneWordThatNoShellReadsAnythingInto() {
    String word = DocumentWord.of(DOCUMENT);
    assertTrue(word.matches("[A-Za-z0-9_-]+"), word);
    assertTrue(word.length() < DOCUMENT.text().length() / 10, word.length() + " characters");
    assertEquals(DOCUMENT, DocumentWord.parse(word));
  }

  @Test
  void aWordCutAnywhereOrNoDocumentAtAllIsToldInOneLine() {
    String word = DocumentWord.of(DOCUMENT);
    for (int length = 0; length < word.length(); length += 7) {
      assertRefused(word.substring(0, length));
    }
    assertRefused("true");
    assertRefused("../../etc/passwd");
  }

  private static void assertRefused(String word) {
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> DocumentWord.parse(word), word);
    assertEquals(1, e.getMessage().lines().count());
  }
}
