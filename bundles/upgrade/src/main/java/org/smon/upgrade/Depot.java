// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.smon.api.Blobs;
import org.smon.api.Document;
import org.smon.api.InvalidInputException;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Kind;

/**
 * The files of releases on this machine: what is missing, what has come so far, and the place where
 * Karaf finds them (R19, R21). A blob grows in {@code parts/} and becomes one when it is whole and
 * its hash is right; only then anything else looks at it.
 */
final class Depot {
  private static final int BUFFER_BYTES = 32 << 10;

  private final Path root;
  private final Blobs blobs;
  private final Archives archives;

  Depot(Path root, Blobs blobs) {
    this.root = root;
    this.blobs = blobs;
    this.archives = new Archives(root);
  }

  /** Those of a release's blobs that are not here; each once. */
  List<Blob> missing(Release release) {
    Set<String> seen = new HashSet<>();
    return release.blobs().stream()
        .filter(blob -> seen.add(blob.sha256()) && blobs.find(blob.sha256()).isEmpty())
        .toList();
  }

  boolean has(Blob blob) {
    return blobs.find(blob.sha256()).isPresent();
  }

  /** How much of it has come so far. */
  synchronized long begun(Blob blob) throws IOException {
    Path part = part(blob);
    return Files.exists(part) ? Files.size(part) : 0;
  }

  /**
   * Goes on with a blob where it was left; whole and verified it becomes one.
   *
   * @param from the place of the content's first byte
   * @return bytes that are here now; less than before if they turned out wrong
   * @throws IOException in one line, also if more comes than the signed size
   */
  synchronized long append(Blob blob, long from, InputStream content) throws IOException {
    Path part = part(blob);
    Files.createDirectories(part.getParent());
    long had = begun(blob);
    if (from == had) {
      had = copy(blob, content, part, had);
    }
    if (had < blob.size()) {
      return had;
    }
    try (InputStream whole = Files.newInputStream(part)) {
      blobs.store(blob.sha256(), whole);
      return blob.size();
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static long copy(Blob blob, InputStream content, Path part, long had) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long has = had;
    try (OutputStream out =
        Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (int n = content.read(buffer); n > 0; n = content.read(buffer)) {
        if (has + n > blob.size()) {
          throw new IOException(
              "more than the signed %d bytes of %s came".formatted(blob.size(), blob.path()));
        }
        out.write(buffer, 0, n);
        has += n;
      }
    }
    return has;
  }

  private Path part(Blob blob) {
    return root.resolve("parts").resolve(blob.sha256());
  }

  /** Takes content as if it were a blob, whatever is here already; the caller removes the file. */
  synchronized Path rehearse(String sha256, long size, InputStream content) throws IOException {
    Blob blob = new Blob(sha256, size, Kind.BUNDLE, "rehearsal");
    Path file = part(blob);
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    long came = copy(blob, content, file, 0);
    if (came != size) {
      throw new IOException("%d of %d bytes came".formatted(came, size));
    }
    return file;
  }

  /**
   * Lays the bundles of a release beside those of the set that runs, and its manifest where the
   * kernel and the start script look for it.
   *
   * @throws InvalidInputException if one of its paths has other bytes already: an artifact that
   *     changed has to have another version
   */
  void stage(Document document) throws IOException {
    Release release = Release.ofBody(document.body());
    boolean ownJava = Path.of(System.getProperty("java.home")).startsWith(root);
    for (Blob blob : release.blobs()) {
      switch (blob.kind()) {
        case BUNDLE -> lay(blob);
        case RUNTIME -> archives.unpack(find(blob), "runtime/" + blob.sha256());
        case JRE -> {
          if (ownJava) {
            archives.unpack(find(blob), "jre-" + blob.sha256());
          }
        }
      }
    }
    write(root.resolve("state/release-" + document.hash()), document.text());
  }

  private void lay(Blob blob) throws IOException {
    Path from = find(blob);
    Path to = root.resolve("repository").resolve(blob.path());
    if (Files.exists(to)) {
      if (Files.mismatch(from, to) >= 0) {
        throw new InvalidInputException(
            blob.path() + " is another file in the release that runs: its version has to differ");
      }
      return;
    }
    Files.createDirectories(to.getParent());
    try {
      Files.createLink(to, from);
    } catch (UnsupportedOperationException | FileAlreadyExistsException e) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Path find(Blob blob) throws IOException {
    return blobs
        .find(blob.sha256())
        .orElseThrow(() -> new IOException(blob.path() + " is not here any more"));
  }

  private static void write(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.write(
        temporary,
        text.getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes what belongs to none of these releases. */
  void sweep(List<Document> kept) throws IOException {
    Set<String> hashes = new HashSet<>();
    Set<Path> paths = new HashSet<>();
    Set<String> manifests = new HashSet<>();
    Path repository = root.resolve("repository");
    for (Document document : kept) {
      manifests.add("release-" + document.hash());
      for (Blob blob : Release.ofBody(document.body()).blobs()) {
        hashes.add(blob.sha256());
        paths.add(repository.resolve(blob.path()));
      }
    }
    deleteOthers(root.resolve("blobs"), file -> hashes.contains(name(file)));
    deleteOthers(root.resolve("parts"), file -> hashes.contains(name(file)));
    deleteOthers(repository, paths::contains);
    archives.sweep(hashes);
    deleteOthers(
        root.resolve("state"),
        file -> !name(file).startsWith("release-") || manifests.contains(name(file)));
  }

  private interface Keep {
    boolean keeps(Path file);
  }

  private static void deleteOthers(Path directory, Keep keep) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!keep.keeps(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  /** The blob of this hash that the release names. */
  static Optional<Blob> named(Release release, String sha256) {
    return release.blobs().stream().filter(blob -> blob.sha256().equals(sha256)).findFirst();
  }
}
