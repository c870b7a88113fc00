// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.smon.api.Blobs;
import org.smon.api.Hashes;
import org.smon.api.Release;

/**
 * The Java runtime that a release brings to machines that have none, made by jlink out of the JDK
 * this program runs on, once per home.
 */
final class JavaRuntime {
  private static final String FILE = "jre.tar.gz";
  private static final String MODULES =
      "java.se,jdk.unsupported,jdk.crypto.ec,jdk.zipfs,jdk.management";

  private final Path directory;
  private final Console console;

  /**
   * @param directory of the client's home, where the runtime is kept
   */
  JavaRuntime(Path directory, Console console) {
    this.directory = directory;
    this.console = console;
  }

  /**
   * Makes it if need be, puts it among the blobs, and returns its manifest entry. Takes a minute.
   */
  Release.Blob into(Blobs blobs) throws IOException {
    Path archive = directory.resolve(FILE);
    if (!Files.exists(archive)) {
      console.note(
          "smon: making a Java runtime for machines that have none (once, about a minute)");
      make(archive);
    }
    byte[] content = Files.readAllBytes(archive);
    String hash = Hashes.of(content);
    if (blobs.find(hash).isEmpty()) {
      blobs.store(hash, new java.io.ByteArrayInputStream(content));
    }
    return new Release.Blob(hash, content.length, Release.Kind.JRE, FILE);
  }

  private void make(Path archive) throws IOException {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    if (!Files.isExecutable(jlink)) {
      throw new FailedException(
          "there is no jlink beside this Java; install a JDK 17, such as openjdk-17-jdk-headless");
    }
    Path work = Files.createTempDirectory(directory, "jre");
    try {
      Path image = work.resolve("image");
      run(
          List.of(
              jlink.toString(),
              "--add-modules",
              MODULES,
              "--strip-debug",
              "--no-header-files",
              "--no-man-pages",
              "--output",
              image.toString()));
      Path packed = work.resolve(FILE);
      run(List.of("tar", "-C", image.toString(), "-czf", packed.toString(), "."));
      Files.move(packed, archive, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      FileTrees.delete(work);
    }
  }

  private static void run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    try {
      if (process.waitFor() != 0) {
        String line = said.lines().findFirst().orElse("it said nothing");
        throw new FailedException("the Java runtime cannot be made: " + line);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    }
  }
}
