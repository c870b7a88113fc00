// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.smon.api.Document;
import org.smon.api.RefusedException;
import org.smon.wire.ShellMessage;

class ShellSessionsTest {
  private final ShellSessions sessions = new ShellSessions();

  @Test
  void linesRunOnceAndInOrder() throws RefusedException {
    String nonce = sessions.open();
    sessions.take(line(nonce, 1));
    sessions.take(line(nonce, 2));
    assertThrows(RefusedException.class, () -> sessions.take(line(nonce, 2)), "replayed");
    assertThrows(RefusedException.class, () -> sessions.take(line(nonce, 4)), "skipped");
    sessions.take(line(nonce, 3));
  }

  @Test
  void lineOfAnUnknownSessionIsRefused() {
    assertThrows(RefusedException.class, () -> sessions.take(line("0".repeat(32), 1)));
  }

  @Test
  void oldestSessionIsForgottenWhenManyAreOpen() throws RefusedException {
    String first = sessions.open();
    String last = first;
    for (int i = 0; i < 64; i++) {
      last = sessions.open();
    }
    assertThrows(RefusedException.class, () -> sessions.take(line(first, 1)));
    sessions.take(line(last, 1));
  }

  private static ShellMessage.Line line(String nonce, long sequence) {
    return new ShellMessage.Line(nonce, sequence, "smon:status", new Document.Seal("a", "b"));
  }
}
