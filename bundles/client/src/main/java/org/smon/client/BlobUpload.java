// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.smon.api.Blobs;
import org.smon.api.RefusedException;
import org.smon.api.Release.Blob;
import org.smon.wire.BlobReceipt;
import org.smon.wire.PeerApi;

/**
 * Hands a release's files to a few peers over connections that the client opens (R52): nobody needs
 * to reach it. Peers fetch from each other after that. What a peer has already, whole or in part,
 * is not sent again. Calls block. One thread.
 */
final class BlobUpload {
  /** So that the files outlive any two machines, as the document does. */
  static final int COPIES = 3;

  private static final int PIECE_BYTES = 1 << 20;
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int PAUSE_MILLIS = 500;

  private final Overlay overlay;
  private final Blobs blobs;
  private final List<Blob> wanted;
  private final int copies;
  private final List<String> holders = new ArrayList<>();
  private final Map<String, String> reasons = new LinkedHashMap<>();
  private long sentBytes;

  /**
   * @param blobs what the home has
   * @param wanted what peers may lack
   */
  BlobUpload(ClientHome home, Blobs blobs, List<Blob> wanted) {
    this.overlay = new Overlay(home, home.connections(), PATIENCE_MILLIS);
    this.blobs = blobs;
    this.wanted = List.copyOf(wanted);
    this.copies = Math.min(COPIES, home.documents().list().size());
  }

  /** Peers that have all of it. */
  List<String> holders() {
    return holders;
  }

  long sentBytes() {
    return sentBytes;
  }

  /** Why others have not, by machine. */
  Map<String, String> reasons() {
    return reasons;
  }

  /** Until three peers have it, or one at least and nobody else takes it, or the time is over. */
  void run(long deadlineNanos) throws IOException {
    pass();
    while (holders.isEmpty() && System.nanoTime() - deadlineNanos < 0) {
      pause();
      pass();
    }
  }

  private void pass() throws IOException {
    for (String peer : overlay.peers()) {
      if (holders.size() < copies && !holders.contains(peer)) {
        offer(peer);
      }
    }
  }

  private void offer(String peer) throws IOException {
    try {
      PeerApi api = overlay.peer(peer);
      for (Blob blob : wanted) {
        send(api, blob);
      }
      holders.add(peer);
      reasons.remove(peer);
    } catch (RefusedException | UncheckedIOException e) {
      reasons.put(peer, Main.told(e));
    }
  }

  private void send(PeerApi peer, Blob blob) throws IOException, RefusedException {
    BlobReceipt receipt = peer.takeBlob(blob.sha256(), 0, new byte[0]);
    if (receipt.whole()) {
      return;
    }
    Path file =
        blobs
            .find(blob.sha256())
            .orElseThrow(
                () -> new RefusedException("it lacks " + blob.path() + ", and so does this home"));
    while (!receipt.whole()) {
      byte[] piece = piece(file, receipt.have());
      BlobReceipt next = peer.takeBlob(blob.sha256(), receipt.have(), piece);
      sentBytes += piece.length;
      if (!next.whole() && next.have() <= receipt.have()) {
        throw new RefusedException(
            "it keeps %d of %d bytes of %s".formatted(next.have(), blob.size(), blob.path()));
      }
      receipt = next;
    }
  }

  /** Empty at the end of the file: then the receiver says what is wrong. */
  private static byte[] piece(Path file, long from) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      content.skip(from);
      return content.readNBytes(PIECE_BYTES);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    }
  }
}
