// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.io.IOException;
import java.util.Optional;

/**
 * Small values that survive a crash at any instant (R54). Names are file names; values up to a few
 * MB. A write is on disk when it returns; after a crash the old or the new value is read, never a
 * mix. Any thread.
 */
public interface State {
  Optional<byte[]> read(String name) throws IOException;

  void write(String name, byte[] value) throws IOException;

  void delete(String name) throws IOException;
}
