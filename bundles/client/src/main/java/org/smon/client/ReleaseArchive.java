// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.smon.api.Document;
import org.smon.api.Documents;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.security.SigningKey;

/**
 * A signed release as one file (R22), a zip of
 *
 * <pre>
 * manifest      the body of a RELEASE document: version, wire range, name, size and SHA-256 of each file
 * signature     overlay ID
 *               signature publicKey signature       an operator's, over overlay and manifest, base64
 * PATH          the files, at their paths; those that the overlay has already may be left out
 * </pre>
 *
 * It is no document of the overlay yet: which counter and ancestors it gets is known when it is
 * published. Same release, key and files, same bytes.
 */
final class ReleaseArchive implements ReleaseSource {
  private static final String MANIFEST = "manifest";
  private static final String SIGNATURE = "signature";
  private static final int MAX_TEXT_BYTES = 1 << 20;
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private final Path file;
  private final Release release;

  private ReleaseArchive(Path file, Release release) {
    this.file = file;
    this.release = release;
  }

  /**
   * @param included which of its files it takes along
   */
  static void write(
      Path file,
      ReleaseSource source,
      Predicate<Blob> included,
      String overlay,
      SigningKey operator)
      throws IOException {
    String manifest = source.release().body();
    Document.Seal seal =
        Document.Seal.of(signed(overlay, manifest), operator.privateKey(), operator.publicKey());
    Path directory = file.toAbsolutePath().getParent();
    Path whole = Files.createTempFile(directory, ".release", null);
    try {
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(whole))) {
        put(zip, MANIFEST, manifest);
        put(zip, SIGNATURE, signature(overlay, seal));
        for (Blob blob : source.release().blobs()) {
          if (included.test(blob)) {
            put(zip, source, blob);
          }
        }
      }
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  private static String signature(String overlay, Document.Seal seal) {
    return "overlay %s\nsignature %s %s\n".formatted(overlay, seal.publicKey(), seal.signature());
  }

  /** No document begins like this, so the signature is worth nothing anywhere else. */
  private static byte[] signed(String overlay, String manifest) {
    return ("smon release archive 1\noverlay " + overlay + "\n" + manifest)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ZipOutputStream zip, String name, String text) throws IOException {
    begin(zip, name);
    zip.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void put(ZipOutputStream zip, ReleaseSource source, Blob blob) throws IOException {
    begin(zip, blob.path());
    try (InputStream content = source.open(blob).orElseThrow()) {
      content.transferTo(zip);
    }
  }

  private static void begin(ZipOutputStream zip, String name) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    zip.putNextEntry(entry);
  }

  /** Verifies manifest and signature; the files are verified by whoever reads them. */
  static ReleaseArchive read(Path file, Documents documents) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      String manifest = text(zip, MANIFEST, file);
      requireGenuine(file, manifest, text(zip, SIGNATURE, file), documents);
      return new ReleaseArchive(file, Release.ofBody(manifest));
    } catch (ZipException e) {
      throw damaged(file, e);
    }
  }

  private static void requireGenuine(
      Path file, String manifest, String signature, Documents documents) {
    List<String> word = List.of(signature.split("\\s+"));
    if (word.size() != 5 || !word.get(0).equals("overlay") || !word.get(2).equals(SIGNATURE)) {
      throw damaged(file, null);
    }
    if (!word.get(1).equals(documents.overlayId())) {
      throw new FailedException(
          "%s is a release for another overlay, %.12s, not for this one, %.12s"
              .formatted(file, word.get(1), documents.overlayId()));
    }
    Document.Seal seal = new Document.Seal(word.get(3), word.get(4));
    if (!seal.isBy(documents.settings().operators(), signed(word.get(1), manifest))) {
      throw new FailedException(
          file + " was altered, or signed by nobody who is an operator of this overlay");
    }
  }

  private static String text(ZipFile zip, String name, Path file) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new FailedException(file + " is not a release: it has no " + name);
    }
    try (InputStream content = zip.getInputStream(entry)) {
      byte[] bytes = content.readNBytes(MAX_TEXT_BYTES + 1);
      if (bytes.length > MAX_TEXT_BYTES) {
        throw damaged(file, null);
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static FailedException damaged(Path file, Exception cause) {
    return new FailedException(file + " is not a whole release archive", cause);
  }

  @Override
  public Release release() {
    return release;
  }

  @Override
  public Optional<InputStream> open(Blob blob) throws IOException {
    ZipFile zip = new ZipFile(file.toFile());
    ZipEntry entry = zip.getEntry(blob.path());
    if (entry == null) {
      zip.close();
      return Optional.empty();
    }
    return Optional.of(new EntryStream(zip, zip.getInputStream(entry)));
  }

  /** Closes the archive with itself. */
  private static final class EntryStream extends java.io.FilterInputStream {
    private final ZipFile zip;

    EntryStream(ZipFile zip, InputStream entry) {
      super(entry);
      this.zip = zip;
    }

    @Override
    public void close() throws IOException {
      zip.close();
    }
  }
}
