// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smon.api.Blobs;
import org.smon.api.Release;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/** The files of a release that a machine lacks, sent as one stream (R7, R9). */
final class Payload {
  private static final int CHUNK = 32 * 1024;

  private final Blobs blobs;
  private final FarEnd far;
  private long sentBytes;

  Payload(Blobs blobs, FarEnd far) {
    this.blobs = blobs;
    this.far = far;
  }

  long sentBytes() {
    return sentBytes;
  }

  /**
   * @param missing the lines {@code missing sha256 size offset} of the answer to the manifest
   */
  void send(List<String> missing, Release release, long timeoutMillis) throws VisitEnd {
    List<Part> parts = new ArrayList<>();
    for (String line : missing) {
      parts.add(part(line, release));
    }
    if (!parts.isEmpty()) {
      far.send(Step.COPY, "payload");
      for (Part part : parts) {
        stream(part);
      }
      far.answer(Step.COPY, timeoutMillis);
    }
  }

  private record Part(Path file, long offset) {}

  private Part part(String line, Release release) throws VisitEnd {
    String[] word = line.split(" ");
    try {
      for (Release.Blob blob : release.blobs()) {
        if (word[0].equals("missing") && blob.sha256().equals(word[1])) {
          long offset = Long.parseLong(word[3]);
          if (offset >= 0 && offset <= blob.size()) {
            return new Part(find(blob), offset);
          }
        }
      }
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      // Not a line of ours: refused below, like a blob that the release does not name.
    }
    throw failed("the machine asks for what the release does not have");
  }

  private Path find(Release.Blob blob) throws VisitEnd {
    Optional<Path> file = blobs.find(blob.sha256());
    Path held =
        file.orElseThrow(() -> failed("the release's file " + blob.path() + " is not held here"));
    if (held.toFile().length() != blob.size()) {
      throw failed("the release's file " + blob.path() + " is damaged here");
    }
    return held;
  }

  private void stream(Part part) throws VisitEnd {
    byte[] buffer = new byte[CHUNK];
    try (InputStream content = Files.newInputStream(part.file)) {
      content.skipNBytes(part.offset);
      for (int n = content.read(buffer); n > 0; n = content.read(buffer)) {
        far.write(Step.COPY, buffer, n);
        sentBytes += n;
      }
    } catch (IOException e) {
      throw failed("cannot read " + part.file + ": " + e.getMessage());
    }
  }

  private static VisitEnd failed(String reason) {
    return new VisitEnd(Outcome.FAILED, Step.COPY, reason);
  }
}
