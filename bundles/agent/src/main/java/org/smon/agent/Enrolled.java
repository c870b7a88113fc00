// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * The machines that the user's own key was signed for once: from then on it is rationed. Not
 * thread-safe.
 */
final class Enrolled {
  private final Path file;
  private final Set<String> names = new HashSet<>();

  Enrolled(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      names.addAll(Files.readAllLines(file));
    }
  }

  boolean contains(String machine) {
    return names.contains(machine);
  }

  /** A line cut by a crash names no machine; the next one starts afresh by its leading newline. */
  void add(String machine) throws IOException {
    if (names.add(machine)) {
      byte[] line = ("\n" + machine + "\n").getBytes(StandardCharsets.US_ASCII);
      Files.write(
          file,
          line,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.SYNC);
    }
  }
}
