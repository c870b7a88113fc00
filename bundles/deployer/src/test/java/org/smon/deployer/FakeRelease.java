// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.smon.api.Blobs;
import org.smon.api.Document;
import org.smon.api.Hashes;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Kind;
import org.smon.security.VerifyPackage;

/** A release whose peer is a shell script: locks, beats, and sleeps. */
final class FakeRelease {
  /**
   * What bin/peer does as far as a deployer can see; file {@code broken} beside the root's makes it
   * fail.
   */
  private static final String PEER =
      """
      #!/bin/sh
      root=$1
      exec 9>"$root/peer.lock"
      flock -n 9 || exit 0
      [ ! -f "$HOME/broken" ] || { echo 'smon: this peer is broken'; exit 78; }
      now=$(date +%s)000
      echo started >>"$root/log/starts"
      while :; do
        [ -f "$HOME/mute" ] || { echo "$$ $now $(date +%s 9>&-)000" >"$root/state/beat.tmp"; mv "$root/state/beat.tmp" "$root/state/heartbeat" 9>&-; }
        sleep 0.5 9>&-
      done
      """;

  private final Path directory;
  private final List<Blob> blobs = new ArrayList<>();

  FakeRelease(Path directory, long ballast) throws Exception {
    this.directory = Files.createDirectories(directory);
    add(Kind.BUNDLE, "org/smon/smon-api/1.0.0/smon-api-1.0.0.jar", jarOf(Document.class));
    add(
        Kind.BUNDLE,
        "org/smon/smon-security/1.0.0/smon-security-1.0.0.jar",
        jarOf(VerifyPackage.class));
    add(Kind.RUNTIME, "runtime.tar.gz", runtime());
    byte[] noise = new byte[(int) ballast];
    new Random(1).nextBytes(noise);
    add(Kind.BUNDLE, "org/smon/ballast/1.0.0/ballast-1.0.0.jar", noise);
  }

  Release release(String version) {
    return new Release(version, 1, 1, blobs);
  }

  Blobs blobs() {
    return new Overlay.Folder(directory);
  }

  long bytes() {
    return blobs.stream().mapToLong(Blob::size).sum();
  }

  Path file(int index) {
    return directory.resolve(blobs.get(index).sha256());
  }

  Blob last() {
    return blobs.get(blobs.size() - 1);
  }

  void add(Kind kind, String path, byte[] content) throws IOException {
    String sha256 = Hashes.of(content);
    Files.write(directory.resolve(sha256), content);
    blobs.add(new Blob(sha256, content.length, kind, path));
  }

  /** The bundle in which a release brings its dispatcher. */
  void addDispatcher(String version, String script) throws IOException {
    Path jar = Files.createTempFile(directory, "made", ".jar");
    try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar))) {
      entries.putNextEntry(new ZipEntry("org/smon/deployer/stage0.sh"));
      entries.write(script.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
    String name = "org/smon/smon-deployer/%1$s/smon-deployer-%1$s.jar".formatted(version);
    blobs.removeIf(blob -> blob.path().contains("smon-deployer"));
    add(Kind.BUNDLE, name, Files.readAllBytes(jar));
  }

  /** Without this file from now on. */
  void drop(Blob blob) {
    blobs.remove(blob);
  }

  private byte[] runtime() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree/bin"));
    Path peer = Files.writeString(tree.resolve("peer"), PEER);
    Files.setPosixFilePermissions(peer, PosixFilePermissions.fromString("rwxr-xr-x"));
    return tarOf(tree.getParent());
  }

  static byte[] tarOf(Path tree) throws Exception {
    Process tar = new ProcessBuilder("tar", "-C", tree.toString(), "-czf", "-", ".").start();
    byte[] archive = tar.getInputStream().readAllBytes();
    tar.waitFor();
    return archive;
  }

  /**
   * The jar a class came from, or one made of its class directory when modules are built together.
   */
  private byte[] jarOf(Class<?> type) throws IOException, URISyntaxException {
    Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (!Files.isDirectory(place)) {
      return Files.readAllBytes(place);
    }
    Path jar = Files.createTempFile(directory, "made", ".jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        entries.putNextEntry(new ZipEntry(place.relativize(file).toString()));
        try (InputStream content = Files.newInputStream(file)) {
          content.transferTo(entries);
        }
      }
    }
    return Files.readAllBytes(jar);
  }
}
