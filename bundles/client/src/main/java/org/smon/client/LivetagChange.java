// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.function.Consumer;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;

/**
 * Signs livetag and hands it over (R26). What the operator says now counts, whatever the overlay
 * held before: where that turns out newer than this home knew, it is said again as the next
 * version.
 */
final class LivetagChange {
  private static final int MOST_TRIES = 4;

  private final ClientHome home;
  private final Console console;
  private final Publication publication;

  LivetagChange(ClientHome home, Console console) {
    this.home = home;
    this.console = console;
    this.publication = new Publication(home, console);
  }

  /** Signs and keeps it, without telling anybody. */
  static Document sign(ClientHome home, Livetag livetag) {
    return home.sign(DocumentType.LIVETAG, livetag.body());
  }

  /**
   * Exit status 3 unless it is on three disks in time, whatever the peers that run hold by then.
   */
  void acknowledge(int timeoutSeconds) {
    if (home.unacknowledged().types().contains(DocumentType.LIVETAG)) {
      publication.acknowledge(DocumentType.LIVETAG, timeoutSeconds);
    }
  }

  /** What is in force then, in this home and at a peer, if one answers. */
  Document say(Livetag livetag) {
    return say(
        livetag,
        refused -> {
          throw refused;
        });
  }

  /** The same, but a peer's refusal is only a remark: it may obey what it cannot keep. */
  Document sayAllTheSame(Livetag livetag) {
    return say(livetag, refused -> console.note("smon: " + refused.getMessage()));
  }

  private Document say(Livetag livetag, Consumer<FailedException> onRefusal) {
    for (int i = 1; ; i++) {
      Document signed = sign(home, livetag);
      try {
        publication.publish(DocumentType.LIVETAG);
        return signed;
      } catch (OlderException e) {
        if (i == MOST_TRIES) {
          throw new FailedException(
              "somebody else changes livetag at this moment; look with `smon status`, try again",
              e);
        }
      } catch (FailedException e) {
        onRefusal.accept(e);
        return signed;
      }
    }
  }
}
