// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.time.Instant;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Version;
import org.smon.core.Roster;

/** A real document of the simulated overlay, read once. Immutable, shared by all who hold it. */
final class Edition {
  private static final String OVERLAY = "0".repeat(64);
  private static final Instant AT = Instant.EPOCH;

  private final Document document;
  private final Version version;
  private final Livetag livetag;
  private final Roster roster;
  private final int bytes;

  private Edition(Document document, Livetag livetag, MachineList list) {
    this.document = document;
    this.version = document.version();
    this.bytes = document.text().length();
    this.livetag = livetag;
    this.roster = list == null ? null : new Roster(list, version.hash());
  }

  static Edition first(Livetag livetag) {
    Document document = Document.first(DocumentType.LIVETAG, OVERLAY, livetag.body(), AT);
    return new Edition(document, livetag, null);
  }

  static Edition first(MachineList list) {
    return new Edition(Document.first(DocumentType.LIST, OVERLAY, list.body(), AT), null, list);
  }

  Edition next(Livetag newer) {
    return new Edition(document.next(newer.body(), AT), newer, null);
  }

  Edition next(MachineList newer) {
    return new Edition(document.next(newer.body(), AT), null, newer);
  }

  DocumentType type() {
    return document.type();
  }

  Version version() {
    return version;
  }

  /** Null in a list. */
  Livetag livetag() {
    return livetag;
  }

  /** Null in a livetag. */
  Roster roster() {
    return roster;
  }

  boolean lists(Machine machine) {
    return roster.positionOf(machine.name()) >= 0;
  }

  int bytes() {
    return bytes;
  }

  /** The documents' own order; nothing is newer than no document. */
  boolean supersedes(Edition held) {
    if (held == null || held == this) {
      return held == null;
    }
    return version.counter() == held.version.counter()
        ? document.supersedes(held.document)
        : version.counter() > held.version.counter();
  }

  @Override
  public String toString() {
    String what = livetag == null ? roster.size() + " machines" : "" + livetag.value();
    return "%s %d (%s, %.6s)".formatted(type().word(), version.counter(), what, version.hash());
  }
}
