// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.MachineList;
import org.smon.api.Release;
import org.smon.api.Settings;
import org.smon.api.Versions;

/** What is in force, each body parsed once. Immutable, so that readers need no lock. */
record Held(
    Map<DocumentType, Document> documents,
    Versions versions,
    Settings settings,
    MachineList list,
    Livetag livetag,
    Optional<Release> release) {
  static Held of(Document genesis) {
    return new Held(
        Map.of(),
        Versions.NONE,
        Settings.ofBody(genesis.body()),
        MachineList.EMPTY,
        Livetag.on(),
        Optional.empty());
  }

  Optional<Document> document(DocumentType type) {
    return Optional.ofNullable(documents.get(type));
  }

  Held with(Document document) {
    EnumMap<DocumentType, Document> more = new EnumMap<>(DocumentType.class);
    more.putAll(documents);
    more.put(document.type(), document);
    String body = document.body();
    DocumentType type = document.type();
    return new Held(
        Collections.unmodifiableMap(more),
        versions.with(type, document.version()),
        type == DocumentType.SETTINGS ? Settings.ofBody(body) : settings,
        type == DocumentType.LIST ? MachineList.ofBody(body) : list,
        type == DocumentType.LIVETAG ? Livetag.ofBody(body) : livetag,
        type == DocumentType.RELEASE ? Optional.of(Release.ofBody(body)) : release);
  }
}
