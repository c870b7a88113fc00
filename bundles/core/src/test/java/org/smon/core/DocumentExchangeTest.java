// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smon.api.DocumentType;
import org.smon.api.Versions;

class DocumentExchangeTest {
  private final Bench bench = Bench.paper(2);

  @Test
  void theOneWhoPingedFetchesWhatTheOtherHasNewer() {
    bench.start(null, null);
    assertEquals(List.of("fetch livetag 2 m1"), bench.pong(Bench.livetag(2, "bb"), 0));
  }

  @Test
  void theOneWhoPingedPushesWhatItHasNewer() {
    bench.start(null, null);
    assertEquals(List.of("push livetag m1"), bench.pong(Versions.NONE, 0));
  }

  @Test
  void twoDocumentsOfOneCounterAreShownToBothSides() {
    bench.start(null, null);
    assertEquals(
        List.of("fetch livetag 1 m1", "push livetag m1"), bench.pong(Bench.livetag(1, "bb"), 0));
  }

  @Test
  void nothingMovesBetweenEquals() {
    bench.start(null, null);
    assertEquals(List.of(), bench.pong(Bench.livetag(1, "aa"), 0));
  }

  @Test
  void aVersionOnItsWayIsNotFetchedTwice() {
    bench.start(null, null);
    bench.pong(Bench.livetag(2, "bb"), 0);
    bench.now -= Bench.WAIT;
    bench.wake();
    bench.now -= Bench.WAIT;
    assertEquals(List.of(), bench.pong(Bench.livetag(2, "bb"), 0));
  }

  @Test
  void aPongCarriesTheVersionsHeld() {
    bench.start(null, null);
    Pong pong = bench.core.onPing(bench.now, "m1", Versions.NONE, 0, null);
    assertEquals(1, pong.versions().counter(DocumentType.LIVETAG));
  }

  @Test
  void aRumourIsToldAtMostThreeLog2NTimesAlsoWhenLivetagIsFalse() {
    Bench smon = Bench.smon(16);
    smon.start(null, null);
    smon.core.onDocuments(smon.now, smon.held(2, false));
    int told = smon.effects.taken().size();
    for (int i = 0; i < 100; i++) {
      List<String> wanted = smon.wake();
      if (wanted.equals(List.of("stop"))) {
        break;
      }
      assertTrue(wanted.stream().allMatch(line -> line.startsWith("push livetag")), "" + wanted);
      told += wanted.size();
    }
    assertEquals(3 * 4, told);
  }

  @Test
  void anAnswerThatComesTwiceCountsOnce() {
    bench.start(null, null);
    long token = bench.effects.lastToken();
    bench.pong(Versions.NONE, 0);
    bench.core.onPong(bench.now, token, Versions.NONE, 0);
    assertEquals(List.of(), bench.effects.taken());
  }
}
