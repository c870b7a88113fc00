// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentTest {
  private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
  private static final String OVERLAY = "0123456789abcdef".repeat(4);
  private static final KeyPair OPERATOR = keyPair();

  @Test
  void textIsReadBackWithItsSignatures() {
    Document document = signed(Document.first(DocumentType.LIST, OVERLAY, "größe - 22 - -\n", AT));
    assertEquals(document, Document.parse(document.text()));
    assertTrue(Document.parse(document.text()).signedByAny(List.of(publicKey())));
  }

  @Test
  void genesisFoundsTheOverlayThatItsHashNames() {
    Document genesis = Document.genesis("name demo\n", AT);
    assertEquals(genesis.hash(), genesis.overlayId());
    assertEquals(genesis.hash(), genesis.next("name demo2\n", AT).overlay());
  }

  @Test
  void signatureOfAnotherTextOrKeyDoesNotCount() {
    Document document = signed(Document.first(DocumentType.LIST, OVERLAY, "a - 22 - -\n", AT));
    Document altered =
        new Document(document.type(), OVERLAY, 2, List.of(), AT, document.body(), document.seals());
    assertFalse(altered.signedByAny(List.of(publicKey())), "another counter");
    assertFalse(document.signedByAny(List.of(encoded(keyPair()))), "another operator");
    assertFalse(
        Document.first(DocumentType.LIST, OVERLAY, "", AT).signedByAny(List.of(publicKey())));
  }

  @Test
  void nextNamesItsAncestorsAtMost64() {
    Document document = Document.first(DocumentType.LIST, OVERLAY, "", AT);
    String parent = document.hash();
    document = document.next("", AT);
    assertEquals(List.of(parent), document.ancestors());
    for (int i = 0; i < 100; i++) {
      document = document.next("", AT);
    }
    assertEquals(Document.MAX_ANCESTORS, document.ancestors().size());
    assertEquals(102, document.counter());
  }

  @Test
  void higherCounterThenLowerHashWins() {
    Document first = Document.first(DocumentType.LIST, OVERLAY, "a - 22 - -\n", AT);
    Document other = Document.first(DocumentType.LIST, OVERLAY, "b - 22 - -\n", AT);
    Document next = first.next("c - 22 - -\n", AT);
    assertTrue(next.supersedes(first));
    assertFalse(first.supersedes(next));
    assertNotEquals(first.supersedes(other), other.supersedes(first));
    assertFalse(first.supersedes(first));
  }

  @Test
  void whenADocumentWasIssuedDecidesNothing() {
    Instant yearAgo = AT.minus(Duration.ofDays(366));
    Document first = Document.first(DocumentType.LIST, OVERLAY, "", AT);
    Document next = first.next("a - 22 - -\n", yearAgo);
    assertTrue(next.supersedes(first));
    assertFalse(next.leavesOut(first));
  }

  @Test
  void aDocumentLeavesOutWhatItsLineDoesNotName() {
    Document first = Document.first(DocumentType.LIST, OVERLAY, "", AT);
    Document one = first.next("a - 22 - -\n", AT);
    Document other = first.next("b - 22 - -\n", AT);
    assertFalse(one.leavesOut(first));
    assertTrue(one.leavesOut(other));
    assertTrue(one.next("", AT).leavesOut(other), "one more edit does not settle it");
    Document merged = one.next("a - 22 - -\nb - 22 - -\n", AT, List.of(other.hash()));
    assertFalse(merged.leavesOut(other));
    assertFalse(merged.leavesOut(one));
    assertFalse(merged.next("", AT).leavesOut(other));
  }

  @Test
  void whatIsOlderThanTheWholeLineIsNotHeldForAConflict() {
    Document first = Document.first(DocumentType.LIST, OVERLAY, "", AT);
    Document document = first;
    for (int i = 0; i < 70; i++) {
      document = document.next("", AT);
    }
    assertFalse(document.leavesOut(first));
    assertTrue(document.leavesOut(other(document.counter() - 40)));
  }

  private static Document other(long counter) {
    return new Document(DocumentType.LIST, OVERLAY, counter, List.of(), AT, "x", List.of());
  }

  @Test
  void falseLivetagWinsOverTrueOfTheSameCounter() {
    Document on = Document.first(DocumentType.LIVETAG, OVERLAY, Livetag.on().body(), AT);
    Document off = Document.first(DocumentType.LIVETAG, OVERLAY, new Livetag(false, 15).body(), AT);
    assertTrue(off.supersedes(on));
    assertFalse(on.supersedes(off));
  }

  @Test
  void textCutAnywhereIsRefused() {
    String text = signed(Document.first(DocumentType.LIST, OVERLAY, "a - 22 - -\n", AT)).text();
    int bodyEnds = text.indexOf("signature ");
    for (int length = 0; length < text.length(); length++) {
      String cut = text.substring(0, length);
      if (length == bodyEnds) {
        assertFalse(Document.parse(cut).signedByAny(List.of(publicKey())));
      } else {
        assertThrows(InvalidInputException.class, () -> Document.parse(cut), cut);
      }
    }
  }

  private static Document signed(Document document) {
    return document.signedBy(OPERATOR.getPrivate(), OPERATOR.getPublic());
  }

  private static String publicKey() {
    return encoded(OPERATOR);
  }

  private static String encoded(KeyPair pair) {
    return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  private static KeyPair keyPair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
