// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.Release;
import org.smon.wire.MachineStatus;
import org.smon.wire.StatusAnswer;
import org.smon.wire.StatusAnswer.ListView;
import org.smon.wire.StatusAnswer.LivetagView;
import org.smon.wire.StatusAnswer.ReleaseView;
import org.smon.wire.StatusAnswer.Summary;
import org.smon.wire.StatusQuery;

/** Where the client gets the status from: any peer, else its own looks at the machines. Blocks. */
public final class StatusSource {
  /** How long the asked peer collects. */
  private static final int DEADLINE_MILLIS = 3_000;

  private static final int PATIENCE_MILLIS = 6_000;

  private final ClientHome home;
  private final Overlay overlay;

  /**
   * @param anybody false if no peer answered, so that the client looked for itself
   */
  public record Seen(StatusAnswer status, boolean anybody) {}

  StatusSource(ClientHome home, Overlay overlay) {
    this.home = home;
    this.overlay = overlay;
  }

  public static StatusSource of(ClientHome home) {
    return new StatusSource(home, new Overlay(home, home.connections(), PATIENCE_MILLIS));
  }

  public Seen read() {
    try {
      return new Seen(ask(), true);
    } catch (Overlay.SilentException e) {
      return new Seen(ownLook(e.reasons()), false);
    }
  }

  /** The status as a peer tells it. */
  StatusAnswer ask() throws Overlay.SilentException {
    return overlay.ask(peer -> peer.status(new StatusQuery(null, DEADLINE_MILLIS))).value();
  }

  private StatusAnswer ownLook(Map<String, String> reasons) {
    Documents documents = home.documents();
    Livetag livetag = documents.livetag();
    HomeReleases releases = home.releases();
    List<Machine> listed = documents.list().machines();
    List<MachineStatus> machines =
        livetag.value()
            ? SshProbe.probe(listed, reasons)
            : SshProbe.probeSwitchedOff(listed, reasons, documents.settings().gossipPort());
    return new StatusAnswer(
        documents.overlayId(),
        documents.settings().name(),
        new LivetagView(livetag.value(), documents.versions().counter(DocumentType.LIVETAG)),
        new ListView(documents.versions().counter(DocumentType.LIST), documents.list().size()),
        new ReleaseView(version(releases.adopted()), version(releases.previous())),
        machines,
        Summary.of(machines));
  }

  private static String version(Optional<Document> release) {
    return release.map(r -> Release.ofBody(r.body()).version()).orElse(null);
  }
}
