// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.store.FileState;

/** A release that was refused once is not tried again, not even by the next process (R23). */
class RefusalsTest {
  @TempDir private Path temp;
  private long nowMillis;

  private static String hash(int number) {
    return "%064x".formatted(number);
  }

  @Test
  void aRefusalOutlivesTheProcessWithItsReason() throws IOException {
    FileState state = new FileState(temp);
    new Refusals(state, () -> nowMillis).add(hash(1), "component x failed:\nboom");
    Refusals after = new Refusals(new FileState(temp), () -> nowMillis);
    assertEquals(Optional.of("component x failed: boom"), after.of(hash(1)));
    assertEquals(Optional.empty(), after.of(hash(2)));
  }

  @Test
  void whatOthersFoundIsNoReasonOfThisMachinesOwn() throws IOException {
    Refusals refusals = new Refusals(new FileState(temp), () -> nowMillis);
    refusals.add(hash(1), "it leaks");
    refusals.addOfOthers(hash(2), "quarantined: 2 machines refused it");
    Refusals after = new Refusals(new FileState(temp), () -> nowMillis);
    assertEquals(Optional.of("quarantined: 2 machines refused it"), after.of(hash(2)));
    assertEquals(true, after.isOwn(hash(1)));
    assertEquals(false, after.isOwn(hash(2)));
    assertEquals(false, after.isOwn(hash(3)));
  }

  @Test
  void aPassingReasonHoldsForAWhileAndIsNotKept() throws IOException {
    Refusals refusals = new Refusals(new FileState(temp), () -> nowMillis);
    refusals.addForNow(hash(1), "no space");
    assertEquals(Optional.of("no space"), refusals.of(hash(1)));
    assertEquals(true, refusals.isOwn(hash(1)));
    assertEquals(Optional.empty(), refusals.of(hash(2)));
    assertEquals(Optional.empty(), new Refusals(new FileState(temp), () -> nowMillis).of(hash(1)));
    nowMillis += Refusals.FOR_NOW_MILLIS + 1;
    assertEquals(Optional.empty(), refusals.of(hash(1)));
    assertEquals(false, refusals.isOwn(hash(1)));
  }

  @Test
  void theOldestOfMoreThanSixteenIsForgotten() throws IOException {
    Refusals refusals = new Refusals(new FileState(temp), () -> nowMillis);
    for (int i = 0; i < 17; i++) {
      refusals.add(hash(i), "no " + i);
    }
    Refusals after = new Refusals(new FileState(temp), () -> nowMillis);
    assertEquals(Optional.empty(), after.of(hash(0)));
    assertEquals(Optional.of("no 1"), after.of(hash(1)));
    assertEquals(Optional.of("no 16"), after.of(hash(16)));
  }
}
