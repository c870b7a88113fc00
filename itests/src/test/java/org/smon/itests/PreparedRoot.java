// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The install root of a peer that is the whole overlay, as stage 0 leaves it, with what Pax Exam
 * needs beside the release: a peer looks for files nowhere else.
 */
final class PreparedRoot {
  static final String MACHINE = "127.0.0.1";
  private static final String PIN = "SHA256:" + "A".repeat(43);

  private final Path directory;
  private final Path clientHome;

  private PreparedRoot(Path directory, Path clientHome) {
    this.directory = directory;
    this.clientHome = clientHome;
  }

  static PreparedRoot make() throws IOException {
    Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
    Path scratch = Files.createTempDirectory(target, "exam ");
    PreparedRoot root = new PreparedRoot(scratch.resolve("root"), scratch.resolve("client"));
    root.makeOverlay(scratch);
    root.layOut();
    root.unpackRuntime();
    return root;
  }

  Path directory() {
    return directory;
  }

  /** The unpacked runtime: Karaf's home, and for the test its base too. */
  Path runtime() {
    return directory.resolve("runtime");
  }

  /** Documents as words for the shell's commands, each in a file. */
  Path signed() throws IOException {
    return SignedWords.write(directory.resolveSibling("signed"), clientHome);
  }

  String overlay() throws IOException {
    return Files.readString(directory.resolve("trust/overlay")).strip();
  }

  private void makeOverlay(Path userHome) throws IOException {
    Smon smon = new Smon(userHome, clientHome);
    smon.run("init", "--name", "exam", "--port", freePort()).done();
    smon.run("machines", "add", "nobody@" + MACHINE, "--host-key", PIN).done();
  }

  private void layOut() throws IOException {
    Path documents = clientHome.resolve("documents");
    for (String name : List.of("doc-genesis", "doc-list", "doc-livetag")) {
      put(documents.resolve(name), "state/" + name);
    }
    put(documents.resolve("doc-genesis"), "state/doc-settings");
    copyTree(clientHome.resolve("keys"), directory.resolve("keys"));
    Files.createDirectories(directory.resolve("trust"));
    Files.writeString(directory.resolve("trust/overlay"), overlayOf(documents.resolve("doc-list")));
    Path repository = directory.resolve("repository");
    copyTree(Smon.DIST.resolve("release/org"), repository.resolve("org"));
    copyTree(Path.of(System.getProperty("smon.exam.repository")), repository);
  }

  private void unpackRuntime() throws IOException {
    Files.createDirectories(runtime());
    String archive = Smon.DIST.resolve("release/runtime.tar.gz").toString();
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive, "-C", runtime().toString()).inheritIO().start();
    try {
      assertEquals(0, tar.waitFor(), "tar -xzf " + archive);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String overlayOf(Path document) throws IOException {
    try (Stream<String> lines = Files.lines(document, StandardCharsets.UTF_8)) {
      String key = "overlay ";
      return lines
          .filter(line -> line.startsWith(key))
          .findFirst()
          .orElseThrow()
          .substring(key.length());
    }
  }

  private void put(Path from, String to) throws IOException {
    Path target = directory.resolve(to);
    Files.createDirectories(target.getParent());
    Files.copy(from, target);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(MACHINE))) {
      return socket.getLocalPort();
    }
  }
}
