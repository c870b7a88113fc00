// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * A small release as a folder: two bundles and a features repository, and a runtime that holds a
 * third bundle.
 */
final class TestRelease {
  static final String IN_RUNTIME = "org/other/lib/7/lib-7.jar";
  private static final int BIG = 1_100_000;

  private final Path folder;
  private String features = "";

  TestRelease(Path folder) {
    this.folder = folder;
  }

  /** Its api never changes; gossip, of two pieces, has the release's version and bytes. */
  static Path at(Path folder, String version) throws IOException {
    return new TestRelease(folder)
        .bundle("smon-api", "1.0.0", 100, 1)
        .bundle("smon-gossip", version, BIG, version.hashCode())
        .names("mvn:org.other/lib/7")
        .write(version);
  }

  TestRelease bundle(String artifact, String version, int size, int seed) throws IOException {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    file("org/smon/%s/%s/%s-%s.jar".formatted(artifact, version, artifact, version), content);
    return names("mvn:org.smon/" + artifact + "/" + version);
  }

  TestRelease names(String url) {
    features += "<bundle>" + url + "</bundle>";
    return this;
  }

  TestRelease file(String path, byte[] content) throws IOException {
    Files.createDirectories(folder.resolve(path).getParent());
    Files.write(folder.resolve(path), content);
    return this;
  }

  Path write(String version) throws IOException {
    String xml =
        "<features name='smon'><feature name='smon-peer' version='%s'>%s</feature></features>"
            .formatted(version, features);
    file(
        "org/smon/smon-features/%s/smon-features-%s-features.xml".formatted(version, version),
        xml.getBytes(StandardCharsets.UTF_8));
    file("runtime.tar.gz", tar("system/" + IN_RUNTIME));
    ReleaseFolder.main(new String[] {folder.toString(), version});
    return folder;
  }

  /** An archive of one empty file. */
  private static byte[] tar(String name) throws IOException {
    byte[] blocks = new byte[3 * 512];
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, blocks, 0, bytes.length);
    System.arraycopy("00000000000".getBytes(StandardCharsets.US_ASCII), 0, blocks, 124, 11);
    blocks[156] = '0';
    System.arraycopy("ustar\0".getBytes(StandardCharsets.US_ASCII), 0, blocks, 257, 6);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(blocks);
    }
    return out.toByteArray();
  }
}
