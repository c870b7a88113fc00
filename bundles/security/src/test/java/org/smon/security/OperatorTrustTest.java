// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.Settings;
import org.smon.api.Voucher;

class OperatorTrustTest {
  private static final Signed OURS = new Signed();
  private static final Signed THEIRS = new Signed();

  @Test
  void whatAnOperatorSignedIsGenuine() {
    assertEquals(Optional.empty(), refusal(OURS.genesis, null));
    assertEquals(Optional.empty(), new OperatorTrust().genesisRefusal(OURS.genesis));
    assertEquals(
        Optional.empty(),
        refusal(OURS.signed(OURS.genesis.next(OURS.settings.body(), Signed.NOW)), OURS.genesis));
    Document list = OURS.signed(first(OURS, DocumentType.LIST, "a - 22 - -\n"));
    assertEquals(Optional.empty(), refusal(list, null));
    assertEquals(
        Optional.empty(), refusal(OURS.signed(list.next("b - 22 - -\n", Signed.NOW)), list));
  }

  static Stream<Arguments> forged() {
    Document list = first(OURS, DocumentType.LIST, "a - 22 - -\n");
    Document foreign = first(THEIRS, DocumentType.LIST, "a - 22 - -\n");
    return Stream.of(
        Arguments.of("not signed", list),
        Arguments.of("not signed", Signed.by(THEIRS.operator, list)),
        Arguments.of("not signed", moved(OURS.signed(list), "b - 22 - -\n")),
        Arguments.of("another overlay", OURS.signed(foreign)),
        Arguments.of("another overlay", THEIRS.genesis),
        Arguments.of(
            "another overlay",
            OURS.signed(
                new Document(
                    DocumentType.LIST, null, 1, List.of(), Signed.NOW, list.body(), List.of()))),
        Arguments.of("malformed", OURS.signed(first(OURS, DocumentType.LIST, "a b\n"))),
        Arguments.of("malformed", OURS.signed(first(OURS, DocumentType.LIVETAG, "value x"))),
        Arguments.of(
            "malformed",
            OURS.signed(first(OURS, DocumentType.RELEASE, Signed.RELEASE_BODY + "blob ../x\n"))),
        Arguments.of(
            "does not descend",
            OURS.signed(first(OURS, DocumentType.SETTINGS, OURS.settings.body()))),
        Arguments.of(
            "too far ahead",
            OURS.signed(
                new Document(
                    DocumentType.LIVETAG,
                    OURS.genesis.hash(),
                    1L << 33,
                    List.of(),
                    Signed.NOW,
                    Livetag.on().body(),
                    List.of()))));
  }

  @ParameterizedTest
  @MethodSource("forged")
  void whatIsForgedIsRefusedAndSaysWhy(String reason, Document forged) {
    String refusal = refusal(forged, null).orElse("accepted");
    assertTrue(refusal.contains(reason), refusal);
    assertEquals(1, refusal.lines().count());
  }

  /** Settings that follow the genesis: second operator in, and then the first one out. */
  private static Document successor(SigningKey second, boolean vouched) {
    Voucher voucher =
        Voucher.of(
            OURS.genesis.hash(),
            2,
            second.publicText(),
            OURS.operator.privateKey(),
            OURS.operator.publicKey());
    Settings both =
        OURS.settings.withOperators(
            List.of(OURS.operator.publicText(), second.publicText()),
            vouched ? List.of(voucher) : List.of(),
            List.of());
    Document next = OURS.signed(OURS.genesis.next(both.body(), Signed.NOW));
    Settings alone =
        both.withOperators(
            List.of(second.publicText()),
            both.vouchers(),
            List.of(first(OURS, DocumentType.LIST, "a - 22 - -\n").hash()));
    return Signed.by(second, next.next(alone.body(), Signed.NOW));
  }

  @Test
  void aMachineThatMissedTwoChangesOfOperatorsFollowsTheVouchers() {
    SigningKey second = SigningKey.generate();
    assertEquals(Optional.empty(), refusal(successor(second, true), OURS.genesis));
    assertTrue(refusal(successor(second, false), OURS.genesis).isPresent(), "nobody vouched");
    Document stranger =
        Signed.by(THEIRS.operator, OURS.genesis.next(OURS.settings.body(), Signed.NOW));
    assertTrue(refusal(stranger, OURS.genesis).isPresent());
  }

  @Test
  void whoWasRemovedDoesNotComeBackByAnOldVoucher() {
    SigningKey second = SigningKey.generate();
    Voucher voucher =
        Voucher.of(
            OURS.genesis.hash(),
            2,
            second.publicText(),
            OURS.operator.privateKey(),
            OURS.operator.publicKey());
    Settings both =
        OURS.settings.withOperators(
            List.of(OURS.operator.publicText(), second.publicText()), List.of(voucher), List.of());
    Document added = OURS.signed(OURS.genesis.next(both.body(), Signed.NOW));
    Settings without =
        both.withOperators(List.of(OURS.operator.publicText()), List.of(voucher), List.of());
    Document removed = OURS.signed(added.next(without.body(), Signed.NOW));
    Document back = Signed.by(second, removed.next(both.body(), Signed.NOW));
    Optional<String> refusal =
        new OperatorTrust().refusal(back, OURS.genesis.hash(), without, removed);
    assertTrue(refusal.orElse("accepted").contains("not signed"), refusal::toString);
  }

  @Test
  void whoLeftSignsNothingMoreAndWhatWasEndorsedStaysInForce() {
    SigningKey second = SigningKey.generate();
    Document settings = successor(second, true);
    Settings inForce = Settings.ofBody(settings.body());
    Document list = OURS.signed(first(OURS, DocumentType.LIST, "a - 22 - -\n"));
    OperatorTrust trust = new OperatorTrust();
    String overlay = OURS.genesis.hash();
    assertEquals(Optional.empty(), trust.refusal(list, overlay, inForce, null));
    Document later = OURS.signed(list.next("b - 22 - -\n", Signed.NOW));
    assertTrue(trust.refusal(later, overlay, inForce, list).isPresent());
    Document back = OURS.signed(settings.next(OURS.settings.body(), Signed.NOW));
    assertTrue(trust.refusal(back, overlay, inForce, settings).isPresent());
  }

  @Test
  void aFirstSettingsDocumentMustBeSignedByItsOwnOperator() {
    Document unsigned = Document.genesis(OURS.settings.body(), Signed.NOW);
    assertTrue(new OperatorTrust().genesisRefusal(unsigned).isPresent());
    assertTrue(
        new OperatorTrust().genesisRefusal(Signed.by(THEIRS.operator, unsigned)).isPresent());
  }

  private static Optional<String> refusal(Document offered, Document held) {
    return new OperatorTrust().refusal(offered, OURS.genesis.hash(), OURS.settings, held);
  }

  private static Document first(Signed overlay, DocumentType type, String body) {
    return Document.first(type, overlay.genesis.hash(), body, Signed.NOW);
  }

  private static Document moved(Document signed, String body) {
    return new Document(
        signed.type(),
        signed.overlay(),
        signed.counter(),
        signed.ancestors(),
        signed.issued(),
        body,
        signed.seals());
  }
}
