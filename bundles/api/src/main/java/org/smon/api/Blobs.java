// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Files by their SHA-256 (R19, R21). Any thread. */
public interface Blobs {
  /** The whole, verified file; empty if it is not here. */
  Optional<Path> find(String sha256);

  /** Stores what the stream holds; throws if its hash is another one, and keeps nothing then. */
  Path store(String sha256, InputStream content) throws IOException;
}
