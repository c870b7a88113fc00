// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.LocalPeer;
import org.smon.api.OverlayChannel;
import org.smon.api.Release;
import org.smon.api.Releases;
import org.smon.api.Versions;
import org.smon.wire.MachineStatus;
import org.smon.wire.UpgradeApi;
import org.smon.wire.UpgradeApi.LocalState;

/** This machine's own line of the status. What the visitors counted stands in their notes. */
final class LocalStatus {
  private final LocalPeer self;
  private final Documents documents;
  private final Releases releases;
  private final OverlayChannel channel;
  private final VisitNotes notes;
  private final Supplier<UpgradeApi> upgrade;

  /**
   * @param upgrade what knows of releases that do not run yet, or null while it is being swapped
   */
  LocalStatus(
      LocalPeer self,
      Documents documents,
      Releases releases,
      OverlayChannel channel,
      VisitNotes notes,
      Supplier<UpgradeApi> upgrade) {
    this.self = self;
    this.documents = documents;
    this.releases = releases;
    this.channel = channel;
    this.notes = notes;
    this.upgrade = upgrade;
  }

  MachineStatus now() {
    Versions versions = documents.versions();
    String release = version(releases.adopted());
    UpgradeApi present = upgrade.get();
    LocalState state = present == null ? stateWithout() : present.state();
    return new MachineStatus(
        self.name(),
        MachineStatus.State.online,
        self.pid(),
        self.started(),
        release,
        release == null ? null : state.word(),
        versions.counter(DocumentType.LIST),
        versions.counter(DocumentType.LIVETAG),
        notes.deployedBy().orElse(null),
        notes.copies().orElse(null),
        notes.attempts().orElse(null),
        0L,
        present == null ? null : present.reason(),
        List.of(),
        channel.keyring());
  }

  /** What knows of trials may be on trial itself; the kernel's journal is there all the same. */
  private LocalState stateWithout() {
    boolean onTrial = Files.exists(self.root().resolve("state/trial"));
    return onTrial ? LocalState.PROVISIONAL : LocalState.ADOPTED;
  }

  static String version(Optional<Document> release) {
    return release.map(Document::body).map(Release::ofBody).map(Release::version).orElse(null);
  }
}
