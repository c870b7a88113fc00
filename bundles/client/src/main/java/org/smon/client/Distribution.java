// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.smon.api.Blobs;
import org.smon.api.Release;

/**
 * The unsigned release that this program was shipped with: {@code manifest}, the body of a RELEASE
 * document, and the files it names at their paths. The launcher says where.
 */
public final class Distribution {
  private static final String PROPERTY = "smon.release";

  private final Path directory;

  Distribution(Path directory) {
    this.directory = directory;
  }

  /** The one that came with this program. */
  public static Distribution here() {
    String directory = System.getProperty(PROPERTY);
    if (directory == null) {
      throw new FailedException(
          "this program came without a release; start it by the smon launcher");
    }
    return new Distribution(Path.of(directory));
  }

  /** The manifest. */
  String body() throws IOException {
    try {
      return Files.readString(directory.resolve("manifest"));
    } catch (NoSuchFileException e) {
      throw new FailedException("there is no release in " + directory + "; build it again", e);
    }
  }

  /**
   * Copies what the release names and the store lacks. The copy is the point: the overlay's release
   * stays whole when this directory is built anew.
   */
  void copyTo(Blobs blobs) throws IOException {
    for (Release.Blob blob : Release.ofBody(body()).blobs()) {
      if (blobs.find(blob.sha256()).isEmpty()) {
        try (InputStream content = Files.newInputStream(directory.resolve(blob.path()))) {
          blobs.store(blob.sha256(), content);
        }
      }
    }
  }
}
