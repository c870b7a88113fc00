// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.Version;
import org.smon.api.Versions;
import org.smon.core.Held;
import org.smon.core.Roster;

/** The documents on a disk, at an agent, or with the operator. Immutable. */
final class Shelf {
  static final Shelf EMPTY = new Shelf(null, null);

  private final Edition list;
  private final Edition livetag;
  private Held held;

  private Shelf(Edition list, Edition livetag) {
    this.list = list;
    this.livetag = livetag;
  }

  /** Null if there is none of this type. */
  Edition of(DocumentType type) {
    return switch (type) {
      case LIST -> list;
      case LIVETAG -> livetag;
      default -> null;
    };
  }

  Edition list() {
    return list;
  }

  Edition livetag() {
    return livetag;
  }

  boolean maintains() {
    return livetag != null && livetag.livetag().value();
  }

  /** This shelf with the edition on it if it is newer; the very same one if it is not. */
  Shelf with(Edition edition) {
    if (edition == null || !edition.supersedes(of(edition.type()))) {
      return this;
    }
    return edition.type() == DocumentType.LIST
        ? new Shelf(edition, livetag)
        : new Shelf(list, edition);
  }

  Shelf with(Shelf other) {
    Shelf merged = with(other.list).with(other.livetag);
    boolean same = merged.list == other.list && merged.livetag == other.livetag;
    return same ? other : merged;
  }

  /** True if the other has something newer. */
  boolean lacks(Shelf other) {
    return with(other.list).with(other.livetag) != this;
  }

  Version version(DocumentType type) {
    return of(type) == null ? null : of(type).version();
  }

  /** What the core has to know of it. */
  Held held(int waitMillis) {
    if (held == null) {
      Versions versions = Versions.NONE;
      for (DocumentType type : DocumentType.values()) {
        versions = of(type) == null ? versions : versions.with(type, version(type));
      }
      held =
          new Held(
              versions,
              list == null ? Roster.EMPTY : list.roster(),
              livetag == null ? Livetag.on() : livetag.livetag(),
              waitMillis);
    }
    return held;
  }

  @Override
  public String toString() {
    return list + ", " + livetag;
  }
}
