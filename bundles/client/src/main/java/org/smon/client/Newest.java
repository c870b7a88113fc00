// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.RefusedException;
import org.smon.wire.ConflictsMessage;
import org.smon.wire.Parcel;
import org.smon.wire.PeerApi;

/**
 * Fetches what the overlay holds newer than this home: who edits an old version makes a conflict
 * (T5).
 */
final class Newest {
  private static final int PATIENCE_MILLIS = 3_000;

  /** Machines asked before an edit goes on by what this home knows. */
  private static final int ASKED = 16;

  private final ClientHome home;
  private final Console console;

  Newest(ClientHome home, Console console) {
    this.home = home;
    this.console = console;
  }

  /** What judges an edit, and the edited; a remark if nobody answers. */
  void fetch(DocumentType type) {
    if (!home.everAnswered()) {
      return;
    }
    try {
      take(DocumentType.SETTINGS);
      take(type);
    } catch (Overlay.SilentException e) {
      console.note(
          "smon: %s; going on from the newest %s that this home knows"
              .formatted(e.told(), type.word()));
    }
  }

  /** The conflicts that a peer keeps, too; nothing if nobody answers. */
  void fetchConflicts() {
    if (!home.everAnswered()) {
      return;
    }
    try {
      ConflictsMessage mine = new ConflictsMessage(home.documents().conflictHashes(), List.of());
      overlay()
          .askSome(ASKED, peer -> peer.conflicts(mine))
          .value()
          .documents()
          .forEach(parcel -> home.documents().offer(parcel.open(null)));
    } catch (Overlay.SilentException e) {
      console.note("smon: " + e.told() + "; these are the conflicts that this home knows");
    }
  }

  private void take(DocumentType type) throws Overlay.SilentException {
    Document held = home.documents().held(type).orElse(null);
    String have = held == null ? null : held.hash();
    Parcel parcel = overlay().askSome(ASKED, peer -> parcel(peer, type, have)).value();
    if (parcel != null && !parcel.tellsOnly()) {
      home.documents().offer(parcel.open(held));
    }
  }

  /** Null from a peer that has none to give. */
  private static Parcel parcel(PeerApi peer, DocumentType type, String have) {
    try {
      return peer.parcel(type.word(), have);
    } catch (RefusedException e) {
      return null;
    }
  }

  private Overlay overlay() {
    return new Overlay(home, home.connections(), PATIENCE_MILLIS);
  }
}
