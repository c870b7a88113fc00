// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.InvalidInputException;
import org.smon.api.RefusedException;
import org.smon.api.Settings;
import org.smon.wire.PeerApi;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.ReleasesAnswer.ReleaseLine;

/** What the overlay says of its releases, brought into the home. Calls block. */
final class OverlayReleases {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int ASKED = 16;
  private static final int MAX_DOCUMENT_BYTES = 1 << 20;

  private final ClientHome home;
  private final Overlay overlay;

  OverlayReleases(ClientHome home) {
    this.home = home;
    this.overlay = new Overlay(home, home.connections(), PATIENCE_MILLIS);
  }

  /** Asks one peer; empty if nobody answers, or none that knows of releases. */
  Optional<ReleasesAnswer> ask() {
    try {
      return Optional.of(overlay.askSome(ASKED, PeerApi::releases).value());
    } catch (Overlay.SilentException e) {
      return Optional.empty();
    }
  }

  /** Remembers verdicts, and the documents that this home lacks, as far as a peer gives them. */
  HomeReleases learn() {
    HomeReleases known = home.releases();
    ask().ifPresent(answer -> learn(known, answer));
    return known;
  }

  private void learn(HomeReleases known, ReleasesAnswer answer) {
    for (ReleaseLine line : answer.releases()) {
      if (known.find(line.hash()).isEmpty()) {
        document(line.hash()).ifPresent(known::note);
      }
    }
    known.note(answer);
  }

  /** A peer serves the documents of the releases whose files it has, by their hashes. */
  private Optional<Document> document(String hash) {
    try {
      return overlay.askSome(ASKED, peer -> read(peer, hash)).value();
    } catch (Overlay.SilentException e) {
      return Optional.empty();
    }
  }

  private Optional<Document> read(PeerApi peer, String hash) throws RefusedException {
    try (InputStream content = peer.blob(hash, 0)) {
      byte[] bytes = content.readNBytes(MAX_DOCUMENT_BYTES);
      Document document = Document.parse(new String(bytes, StandardCharsets.UTF_8));
      boolean genuine =
          document.hash().equals(hash)
              && document.type() == DocumentType.RELEASE
              && document.overlayId().equals(home.documents().overlayId())
              && isSigned(document);
      return Optional.of(document).filter(d -> genuine);
    } catch (IOException | InvalidInputException e) {
      return Optional.empty();
    }
  }

  /** By an operator of now, or endorsed by one who followed the operator who signed it. */
  private boolean isSigned(Document document) {
    Settings settings = home.documents().settings();
    return document.signedByAny(settings.operators())
        || settings.endorsed().contains(document.hash());
  }
}
