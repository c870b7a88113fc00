// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.smon.api.InvalidInputException;

/**
 * Runtimes and Javas beside those in use, each a directory named by its archive's hash. Unpacked as
 * a visit does it: by tar, which refuses ".." and strips a leading "/", into a directory that takes
 * its name only when it is whole and no link leads out of it.
 */
final class Archives {
  private static final int PATIENCE_SECONDS = 120;

  private final Path root;

  Archives(Path root) {
    this.root = root;
  }

  /**
   * @param name below the root; one that is there already is left as it is
   */
  void unpack(Path archive, String name) throws IOException {
    Path target = root.resolve(name);
    if (Files.isDirectory(target)) {
      return;
    }
    Path beside = target.resolveSibling(target.getFileName() + ".tmp");
    delete(beside);
    Files.createDirectories(beside);
    try {
      untar(archive, beside);
      requireInside(beside);
      Files.move(beside, target);
    } finally {
      delete(beside);
    }
  }

  /** Removes what belongs to none of these archives. */
  void sweep(Set<String> hashes) throws IOException {
    sweep(root.resolve("runtime"), "", hashes);
    sweep(root, "jre-", hashes);
  }

  private static void sweep(Path directory, String prefix, Set<String> hashes) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    Path java = Path.of(System.getProperty("java.home"));
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, prefix + "*")) {
      for (Path entry : entries) {
        String hash = entry.getFileName().toString().substring(prefix.length());
        if (Files.isDirectory(entry) && !hashes.contains(hash) && !java.startsWith(entry)) {
          delete(entry);
        }
      }
    }
  }

  private static void untar(Path archive, Path directory) throws IOException {
    Process tar =
        new ProcessBuilder(
                "tar",
                "-xzf",
                archive.toString(),
                "-C",
                directory.toString(),
                "--no-same-owner",
                "--no-same-permissions")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!tar.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        tar.destroyForcibly();
        throw new IOException("tar does not end within " + PATIENCE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      tar.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unpacking", e);
    }
    if (tar.exitValue() != 0) {
      throw new IOException(
          "%s cannot be unpacked (tar: status %d; %d MB free)"
              .formatted(
                  archive.getFileName(),
                  tar.exitValue(),
                  Files.getFileStore(directory).getUsableSpace() >> 20));
    }
  }

  private static void requireInside(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Path target = link.getParent().resolve(Files.readSymbolicLink(link)).normalize();
        if (!target.startsWith(directory)) {
          throw new InvalidInputException("the runtime has a link out of it: " + target);
        }
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
