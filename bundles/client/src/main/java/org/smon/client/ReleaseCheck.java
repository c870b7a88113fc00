// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.smon.api.Blobs;
import org.smon.api.Document;
import org.smon.api.Hashes;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Kind;

/** What must hold of a release before anything of it is signed (R22); refused in one line. */
final class ReleaseCheck {
  private static final String SYSTEM = "system/";

  private final HomeReleases known;
  private final Blobs blobs;

  /**
   * @param known the overlay's releases so far
   * @param blobs files that the home has
   */
  ReleaseCheck(HomeReleases known, Blobs blobs) {
    this.known = known;
    this.blobs = blobs;
  }

  /** Reads all that came with it. */
  void check(ReleaseSource source) throws IOException {
    Release release = source.release();
    requirePathsOnce(release);
    for (Blob blob : release.blobs()) {
      requireFile(source, blob);
    }
    requireFeatures(source);
    requireNewPaths(release);
    requireCommonWire(release);
  }

  private static void requirePathsOnce(Release release) {
    Set<String> paths = new HashSet<>();
    for (Blob blob : release.blobs()) {
      if (!paths.add(blob.path())) {
        throw new FailedException("the release names " + blob.path() + " twice");
      }
    }
  }

  /** Its bytes are what the manifest says, or the overlay has them already. */
  private void requireFile(ReleaseSource source, Blob blob) throws IOException {
    Optional<InputStream> content = source.open(blob);
    if (content.isEmpty() && blobs.find(blob.sha256()).isEmpty() && !isKnown(blob)) {
      throw new FailedException(
          "the release names "
              + blob.path()
              + ", which did not come with it and is in no release of this overlay");
    }
    if (content.isPresent() && !matches(content.get(), blob)) {
      throw new FailedException(
          "the release's file " + blob.path() + " was altered: it is not what its manifest says");
    }
  }

  private boolean isKnown(Blob blob) {
    return all().anyMatch(other -> other.sha256().equals(blob.sha256()));
  }

  private java.util.stream.Stream<Blob> all() {
    return known.known().stream()
        .map(document -> Release.ofBody(document.body()))
        .flatMap(release -> release.blobs().stream());
  }

  /** Never more than one byte beyond what the manifest says is read. */
  private static boolean matches(InputStream content, Blob blob) throws IOException {
    MessageDigest digest = Hashes.sha256();
    try (content;
        InputStream hashed = new DigestInputStream(content, digest)) {
      byte[] buffer = new byte[1 << 16];
      long left = blob.size() + 1;
      for (int n = 0; n >= 0 && left > 0; left -= Math.max(n, 0)) {
        n = hashed.read(buffer, 0, (int) Math.min(buffer.length, left));
      }
      return left == 1 && HexFormat.of().formatHex(digest.digest()).equals(blob.sha256());
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      return false;
    }
  }

  /** The features repository names nothing that a peer would have to look for elsewhere. */
  private void requireFeatures(ReleaseSource source) throws IOException {
    Release release = source.release();
    Blob features = features(release);
    Set<String> there = release.blobs().stream().map(Blob::path).collect(Collectors.toSet());
    Set<String> missing = new HashSet<>(FeaturesFile.bundles(bytes(source, features)));
    missing.removeAll(there);
    if (!missing.isEmpty()) {
      missing.removeAll(runtimeBundles(source));
    }
    if (!missing.isEmpty()) {
      throw new FailedException(
          "the features repository names "
              + missing.stream().sorted().findFirst().orElseThrow()
              + ", which is neither in the release nor in its runtime");
    }
  }

  private static Blob features(Release release) {
    List<Blob> found =
        release.blobs().stream().filter(b -> b.path().endsWith("-features.xml")).toList();
    if (found.size() != 1 || release.featuresVersion().isEmpty()) {
      throw new FailedException(
          "the release has "
              + found.size()
              + " features repositories; it needs one, org/smon/smon-features/V/smon-features-V-features.xml");
    }
    return found.get(0);
  }

  private byte[] bytes(ReleaseSource source, Blob blob) throws IOException {
    try (InputStream content = open(source, blob)) {
      return content.readAllBytes();
    }
  }

  private InputStream open(ReleaseSource source, Blob blob) throws IOException {
    Optional<InputStream> content = source.open(blob);
    if (content.isPresent()) {
      return content.get();
    }
    return java.nio.file.Files.newInputStream(
        blobs
            .find(blob.sha256())
            .orElseThrow(
                () -> new FailedException("this home does not have the file " + blob.path())));
  }

  private Set<String> runtimeBundles(ReleaseSource source) throws IOException {
    Blob runtime =
        source
            .release()
            .runtime()
            .orElseThrow(() -> new FailedException("the release names no runtime"));
    try (InputStream archive = open(source, runtime)) {
      return TarNames.of(archive).stream()
          .map(name -> name.startsWith("./") ? name.substring(2) : name)
          .filter(name -> name.startsWith(SYSTEM))
          .map(name -> name.substring(SYSTEM.length()))
          .collect(Collectors.toSet());
    }
  }

  /**
   * A bundle's path is its URL on a peer, and what was once installed from a URL is not looked at
   * again: other bytes need another version.
   */
  private void requireNewPaths(Release release) {
    Map<String, String> hashes = new HashMap<>();
    all().filter(b -> b.kind() == Kind.BUNDLE).forEach(b -> hashes.put(b.path(), b.sha256()));
    for (Blob blob : release.blobs()) {
      String before = blob.kind() == Kind.BUNDLE ? hashes.get(blob.path()) : null;
      if (before != null && !before.equals(blob.sha256())) {
        throw new FailedException(
            blob.path()
                + " was published before with other bytes; what changes needs a new version and path");
      }
    }
  }

  /** Old and new talk to each other while it spreads (R25). */
  private void requireCommonWire(Release release) {
    Optional<Release> now = known.adopted().map(Document::body).map(Release::ofBody);
    if (now.isPresent()
        && (release.wireMin() > now.get().wireMax() || release.wireMax() < now.get().wireMin())) {
      throw new FailedException(
          "release %s speaks wire %d to %d, release %s, which runs, %d to %d: they could not talk"
              .formatted(
                  release.version(),
                  release.wireMin(),
                  release.wireMax(),
                  now.get().version(),
                  now.get().wireMin(),
                  now.get().wireMax()));
    }
  }
}
