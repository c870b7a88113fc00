// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.smon.api.Documents;
import org.smon.api.Release;

/** A release that was not published yet, with the files that came with it. One thread. */
public interface ReleaseSource {
  Release release();

  /** The file's content, unverified; empty if it did not come with the release. */
  Optional<InputStream> open(Release.Blob blob) throws IOException;

  /**
   * A folder with a {@code manifest}, or an archive of {@code smon release build}.
   *
   * @param documents say of which overlay an archive must be, and who may have signed it
   */
  static ReleaseSource at(Path path, Documents documents) throws IOException {
    if (!Files.exists(path)) {
      throw new FailedException("there is no release " + path);
    }
    return Files.isDirectory(path)
        ? ReleaseFolder.withManifest(path)
        : ReleaseArchive.read(path, documents);
  }
}
