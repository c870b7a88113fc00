// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.smon.api.Blobs;
import org.smon.api.RefusedException;
import org.smon.api.Release;
import org.smon.api.Release.Blob;

/** Brings into a home what it lacks of a release, from peers that run it (R19). Calls block. */
public final class BlobFetch {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Overlay overlay;
  private final Blobs blobs;

  public BlobFetch(ClientHome home) throws IOException {
    this.overlay = new Overlay(home, home.connections(), PATIENCE_MILLIS);
    this.blobs = home.blobs();
  }

  /** One line if nobody has one of them. */
  public void complete(Release release) {
    for (Blob blob : release.blobs()) {
      if (blobs.find(blob.sha256()).isEmpty() && !fetched(blob)) {
        throw new FailedException(
            "this home lacks "
                + blob.path()
                + " of release "
                + release.version()
                + ", and no peer that answers has it");
      }
    }
  }

  private boolean fetched(Blob blob) {
    for (String peer : overlay.peers()) {
      try (InputStream content = overlay.peer(peer).blob(blob.sha256(), 0)) {
        blobs.store(blob.sha256(), content);
        return true;
      } catch (RefusedException | UncheckedIOException | IOException e) {
        continue; // the next one may have it
      }
    }
    return false;
  }
}
