// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.RefusedException;
import org.smon.wire.PeerApi;

/** Hands over a signed livetag, if it says what the command is called. */
final class LivetagHandover {
  private final PeerApi peer;

  LivetagHandover(PeerApi peer) {
    this.peer = peer;
  }

  String offer(String word, boolean value) throws RefusedException {
    String instead = value ? "smon enable" : "smon disable";
    Document document = SignedHandover.read(word, DocumentType.LIVETAG, instead);
    if (Livetag.ofBody(document.body()).value() != value) {
      throw new RefusedException("this signed livetag says " + !value);
    }
    return new SignedHandover(peer).offer(document);
  }
}
