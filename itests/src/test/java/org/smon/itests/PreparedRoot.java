// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.smon.api.Blobs;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Kind;
import org.smon.client.ClientHome;
import org.smon.client.ReleaseSource;
import org.smon.security.SigningKey;
import org.smon.store.FileBlobs;

/**
 * The install root of a peer as stage 0 leaves it, with what Pax Exam needs beside the release: a
 * peer looks for files nowhere else.
 */
final class PreparedRoot {
  static final String MACHINE = "127.0.0.1";
  private static final String PIN = "SHA256:" + "A".repeat(43);
  private static final Path RELEASE = Smon.DIST.resolve("release");

  private final String machine;
  private final Path directory;
  private final Path clientHome;
  private Document installed;

  private PreparedRoot(String machine, Path scratch) {
    this.machine = machine;
    this.directory = scratch.resolve(machine);
    this.clientHome = scratch.resolve("client");
  }

  /** Of a peer that is the whole overlay. */
  static PreparedRoot make() throws IOException {
    return make(List.of(MACHINE)).get(0);
  }

  /** Of all machines of one overlay. */
  static List<PreparedRoot> make(List<String> machines) throws IOException {
    Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
    Path scratch = Files.createTempDirectory(target, "exam ");
    makeOverlay(new Smon(scratch, scratch.resolve("client")), machines);
    List<PreparedRoot> roots = machines.stream().map(m -> new PreparedRoot(m, scratch)).toList();
    for (PreparedRoot root : roots) {
      root.layOut();
      root.unpackRuntime();
    }
    return roots;
  }

  String machine() {
    return machine;
  }

  /** The operator's. */
  ClientHome client() {
    return ClientHome.open(clientHome);
  }

  /** A file of its state, or an empty text. */
  String state(String name) {
    try {
      Path file = directory.resolve("state").resolve(name);
      return Files.exists(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      return "";
    }
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

  private static void makeOverlay(Smon smon, List<String> machines) throws IOException {
    smon.run("init", "--name", "exam", "--port", freePort(machines)).done();
    for (String machine : machines) {
      smon.run("machines", "add", "nobody@" + machine, "--host-key", PIN).done();
    }
  }

  private void layOut() throws IOException {
    Path documents = clientHome.resolve("documents");
    for (String name : List.of("doc-genesis", "doc-list", "doc-livetag")) {
      put(documents.resolve(name), "state/" + name);
    }
    put(documents.resolve("doc-genesis"), "state/doc-settings");
    copyTree(clientHome.resolve("keys"), directory.resolve("keys"));
    Files.createDirectories(directory.resolve("trust"));
    write("trust/overlay", overlayOf(documents.resolve("doc-list")));
    copyTree(Path.of(System.getProperty("smon.exam.repository")), directory.resolve("repository"));
    install();
  }

  /** As stage 0 does, and as a peer does that knows its release to be on all machines. */
  private void install() throws IOException {
    ClientHome home = client();
    installed = home.sign(DocumentType.RELEASE, Files.readString(RELEASE.resolve("manifest")));
    Files.createDirectories(directory.resolve("blobs"));
    for (Blob blob : Release.ofBody(installed.body()).blobs()) {
      Path file = RELEASE.resolve(blob.path());
      put(file, "blobs/" + blob.sha256());
      if (blob.kind() == Kind.BUNDLE) {
        put(file, "repository/" + blob.path());
      }
    }
    String hash = installed.hash();
    write("state/name", machine);
    write("state/doc-release", installed.text());
    write("state/release-" + hash, installed.text());
    write("state/installed", hash + " " + runtimeHash() + "\n");
    write("state/complete", hash + "\n");
  }

  private String runtimeHash() {
    return Release.ofBody(installed.body()).runtime().orElseThrow().sha256();
  }

  /** The release that it starts with. */
  Release release() {
    return Release.ofBody(installed.body());
  }

  /** What it has of that release, for making the next. */
  Blobs blobs() throws IOException {
    return new FileBlobs(directory.resolve("blobs"));
  }

  /**
   * Lays a release's files out as the upgrader does before it asks the kernel to try them.
   *
   * @return the hash of its signed manifest
   */
  String stage(ReleaseSource source) throws IOException {
    for (Blob blob : source.release().blobs()) {
      Optional<InputStream> content = source.open(blob);
      if (content.isPresent()) {
        Path file = directory.resolve("repository").resolve(blob.path());
        Files.createDirectories(file.getParent());
        try (InputStream bytes = content.get()) {
          Files.copy(bytes, file);
        }
      }
    }
    return manifest(source.release());
  }

  /** A newer release of the very same files, as a revert may publish it. */
  String sameFiles(Release release, String version) throws IOException {
    return manifest(new Release(version, release.wireMin(), release.wireMax(), release.blobs()));
  }

  private String manifest(Release release) throws IOException {
    SigningKey operator = client().operator();
    Document document =
        installed
            .next(release.body(), installed.issued())
            .signedBy(operator.privateKey(), operator.publicKey());
    write("state/release-" + document.hash(), document.text());
    return document.hash();
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

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
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

  private static int freePort(List<String> machines) throws IOException {
    InetAddress last = InetAddress.getByName(machines.get(machines.size() - 1));
    try (ServerSocket socket = new ServerSocket(0, 1, last)) {
      return socket.getLocalPort();
    }
  }
}
