// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.util.List;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.LocalPeer;
import org.smon.api.OverlayChannel;
import org.smon.api.Release;
import org.smon.api.Versions;
import org.smon.wire.MachineStatus;

/** This machine's own line of the status. What the visitors counted stands in their notes. */
final class LocalStatus {
  private final LocalPeer self;
  private final Documents documents;
  private final OverlayChannel channel;
  private final VisitNotes notes;

  LocalStatus(LocalPeer self, Documents documents, OverlayChannel channel, VisitNotes notes) {
    this.self = self;
    this.documents = documents;
    this.channel = channel;
    this.notes = notes;
  }

  MachineStatus now() {
    Versions versions = documents.versions();
    String release = documents.release().map(Release::version).orElse(null);
    return new MachineStatus(
        self.name(),
        MachineStatus.State.online,
        self.pid(),
        self.started(),
        release,
        release == null ? null : "adopted",
        versions.counter(DocumentType.LIST),
        versions.counter(DocumentType.LIVETAG),
        notes.deployedBy().orElse(null),
        notes.copies().orElse(null),
        notes.attempts().orElse(null),
        0L,
        null,
        List.of(),
        channel.keyring());
  }
}
