// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.InvalidInputException;
import org.smon.api.Machine;
import org.smon.api.MachineList;

class ParcelTest {
  private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
  private static final String OVERLAY = "ab".repeat(32);

  @Test
  void aDocumentComesOutOfAParcelAsItWentIn() {
    Document document = list(3, "größe");
    assertEquals(document, Parcel.whole(document).open(null));
    Document next = document.next(document.body() + "b - 22 - -\n", AT);
    assertEquals(next, Parcel.between(document, next).open(document));
    assertTrue(Parcel.notice(document).tellsOnly());
    assertNull(Parcel.notice(document).base());
  }

  @Test
  void oneMoreMachineIsFarLessThanAListOfFifteenThousand() {
    Document list = list(15_000, "last");
    for (int i = 0; i < 70; i++) { // with its line of ancestors as long as it gets
      list = list.next(list.body(), AT);
    }
    Document more = list.next(list.body() + "one-more.example.org - 22 - -\n", AT);
    int whole = Json.write(Parcel.whole(more)).length();
    int delta = Json.write(Parcel.between(list, more)).length();
    assertTrue(delta < 1_000, delta + " characters");
    assertTrue(delta < whole / 100, delta + " of " + whole);
    assertEquals(more, Parcel.between(list, more).open(list));
  }

  @Test
  void deltasUponEachOtherAreOneParcel() {
    Document first = list(200, "x");
    Document second = first.next(list(150, "y").body(), AT);
    Document third = second.next(list(199, "x").body(), AT);
    List<String> deltas =
        List.of(
            TextDelta.between(first.text(), second.text()),
            TextDelta.between(second.text(), third.text()));
    assertEquals(third, Parcel.by(deltas, first.hash(), third).open(first));
  }

  @Test
  void anyTextIsToldByAnyOther() {
    Random random = new Random(4);
    for (int round = 0; round < 300; round++) {
      String base = lines(random);
      String text = lines(random);
      assertEquals(text, TextDelta.apply(base, TextDelta.between(base, text)), base + "->" + text);
    }
  }

  /** Few different words, so that pieces stand there more than once. */
  private static String lines(Random random) {
    List<String> words = new ArrayList<>();
    for (int i = random.nextInt(30); i > 0; i--) {
      words.add(
          List.of("a\n", "b", ",", "cc,", "\n", "end\n", "copy 1 1\n").get(random.nextInt(7)));
    }
    Collections.shuffle(words, random);
    return String.join("", words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "delta\n",
        "delta\ncopy 0 99\nend\n",
        "delta\ncopy -1 1\nend\n",
        "delta\ncopy 0 -1\nend\n",
        "delta\ncopy 2147483647 2147483647\nend\n",
        "delta\ncopy 0\nend\n",
        "delta\ntext 99\nx\nend\n",
        "delta\ntext -5\nx\nend\n",
        "delta\ntext x\nend\n",
        "delta\nrun 1\nend\n"
      })
  void aDeltaThatDoesNotFitIsRefusedInOneLine(String delta) {
    InvalidInputException refusal =
        assertThrows(InvalidInputException.class, () -> TextDelta.apply("a\nb\n", delta));
    assertEquals(1, refusal.getMessage().lines().count());
  }

  @Test
  void aDeltaThatWouldFillTheMemoryIsRefused() {
    String base = "x".repeat(1 << 20) + "\n";
    String bomb = "delta\n" + "copy 0 1\n".repeat(40) + "end\n";
    assertThrows(InvalidInputException.class, () -> TextDelta.apply(base, bomb));
  }

  @Test
  void whatIsNotWhatItSaysIsRefused() {
    Document one = list(3, "a");
    Document other = list(3, "b");
    Parcel swapped = new Parcel("list", 1, one.hash(), null, Parcel.whole(other).content());
    assertThrows(InvalidInputException.class, () -> swapped.open(null));
    Parcel damaged = new Parcel("list", 1, one.hash(), null, new byte[] {1, 2});
    assertThrows(InvalidInputException.class, () -> damaged.open(null));
    Document many = list(99, "a");
    Parcel upon = Parcel.between(many, many.next(many.body(), AT));
    assertThrows(InvalidInputException.class, () -> upon.open(other));
  }

  private static Document list(int size, String last) {
    List<Machine> machines = new ArrayList<>();
    for (int i = 1; i < size; i++) {
      machines.add(Machine.parse("node-" + i + ".site-" + i % 100 + ".example.org"));
    }
    String body = new MachineList(machines, List.of()).body() + last + " - 22 - -\n";
    return Document.first(DocumentType.LIST, OVERLAY, body, AT);
  }
}
