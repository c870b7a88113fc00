// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.smon.api.RefusedException;
import org.smon.wire.ShellMessage;

/**
 * Which line may come next: each session's lines are numbered and run once, in order. Any thread.
 */
final class ShellSessions {
  private static final int KEPT = 64;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Long> nextByNonce =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > KEPT;
        }
      };

  synchronized String open() {
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    String text = HexFormat.of().formatHex(nonce);
    nextByNonce.put(text, 1L);
    return text;
  }

  /** Call only for a line whose signature was checked: it uses up the line's number. */
  synchronized void take(ShellMessage.Line line) throws RefusedException {
    Long next = nextByNonce.get(line.nonce());
    if (next == null) {
      throw new RefusedException("the shell session is not known here; open a new one");
    }
    if (line.sequence() != next) {
      throw new RefusedException(
          "line " + line.sequence() + " was sent before or is out of order; expected " + next);
    }
    nextByNonce.put(line.nonce(), next + 1);
  }
}
