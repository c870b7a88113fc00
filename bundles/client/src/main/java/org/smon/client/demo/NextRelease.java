// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smon.api.Blobs;
import org.smon.api.Hashes;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Kind;
import org.smon.client.FailedException;
import org.smon.client.ReleaseSource;

/**
 * A release made out of the one that runs: the same code in new bundles, and a line of news in the
 * shell. What it leaves alone keeps version, path and bytes.
 */
final class NextRelease implements ReleaseSource {
  private static final List<String> CHANGED =
      List.of("smon-core", "smon-gossip", "smon-shell", "smon-upgrade");
  private static final String SHELL = "smon-shell";
  private static final String NEWS = "org/smon/shell/NEWS";
  private static final Pattern BUNDLE = Pattern.compile("org/smon/([^/]+)/([^/]+)/[^/]+\\.jar");
  private static final Pattern MICRO = Pattern.compile("([0-9]+\\.[0-9]+)\\.([0-9]{1,9})");

  private final Release before;
  private final Blobs blobs;
  private final String version;
  private final Fault fault;
  private final Map<String, byte[]> contents = new LinkedHashMap<>();
  private final List<String> rewritten = new ArrayList<>();
  private final Release release;

  /**
   * @param before what runs
   * @param blobs have its files
   * @param fault what to break, or null
   */
  NextRelease(Release before, Blobs blobs, String version, Fault fault) throws IOException {
    this.before = before;
    this.blobs = blobs;
    this.version = version;
    this.fault = fault;
    List<Blob> made = new ArrayList<>();
    for (Blob blob : before.blobs()) {
      made.add(next(blob));
    }
    if (fault != null && !rewritten.contains(fault.artifact())) {
      throw new FailedException(
          "release " + before.version() + " has no bundle " + fault.artifact() + " to break");
    }
    this.release = new Release(version, before.wireMin(), before.wireMax(), made);
  }

  /** 1.0.10 after 1.0.9. */
  static String above(String version) {
    Matcher matcher = MICRO.matcher(version);
    return matcher.matches()
        ? matcher.group(1) + "." + (Integer.parseInt(matcher.group(2)) + 1)
        : version + ".1";
  }

  /** The artifacts that are new. */
  List<String> rewritten() {
    return rewritten;
  }

  @Override
  public Release release() {
    return release;
  }

  @Override
  public Optional<InputStream> open(Blob blob) {
    return Optional.ofNullable(contents.get(blob.path())).map(ByteArrayInputStream::new);
  }

  private Blob next(Blob blob) throws IOException {
    Matcher bundle = BUNDLE.matcher(blob.path());
    if (bundle.matches() && CHANGED.contains(bundle.group(1))) {
      rewritten.add(bundle.group(1));
      return made(bundle(bundle.group(1), blob), path(bundle.group(1), ".jar"));
    }
    if (blob.path().endsWith("-features.xml")) {
      return made(features(blob), path("smon-features", "-features.xml"));
    }
    return blob;
  }

  private Blob made(byte[] content, String path) {
    contents.put(path, content);
    return new Blob(Hashes.of(content), content.length, Kind.BUNDLE, path);
  }

  private String path(String artifact, String ending) {
    return "org/smon/%s/%s/%s-%s%s".formatted(artifact, version, artifact, version, ending);
  }

  private byte[] bundle(String artifact, Blob blob) throws IOException {
    try (InputStream jar = read(blob)) {
      BundleRewrite rewrite = BundleRewrite.of(jar);
      rewrite.version(version);
      if (artifact.equals(SHELL)) {
        rewrite.replace(NEWS, "release " + version + " came live, this peer never stopped\n");
      }
      if (fault != null && fault.artifact().equals(artifact)) {
        fault.breakIt(rewrite);
      }
      return rewrite.jar();
    }
  }

  /** Names the new bundles, and itself and its features by the new version. */
  private byte[] features(Blob blob) throws IOException {
    String xml;
    try (InputStream content = read(blob)) {
      xml = new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
    String old = Pattern.quote(before.featuresVersion().orElseThrow());
    xml = xml.replaceAll("(<features name=\"smon-)" + old + "\"", "$1" + version + "\"");
    xml = xml.replaceAll("(<feature [^>]*version=\")" + old + "\"", "$1" + version + "\"");
    for (Blob other : before.blobs()) {
      Matcher bundle = BUNDLE.matcher(other.path());
      if (bundle.matches() && CHANGED.contains(bundle.group(1))) {
        String url = "mvn:org.smon/" + bundle.group(1) + "/";
        xml = xml.replace(url + bundle.group(2) + "<", url + version + "<");
      }
    }
    return xml.getBytes(StandardCharsets.UTF_8);
  }

  private InputStream read(Blob blob) throws IOException {
    return Files.newInputStream(
        blobs
            .find(blob.sha256())
            .orElseThrow(() -> new FailedException("the demo's home lacks " + blob.path())));
  }
}
