// SPDX-License-Identifier: Apache-2.0
package org.smon.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.smon.api.Hashes;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Kind;
import org.smon.wire.WireVersion;

/**
 * Writes the manifest of a release: the text the operator signs. The folder holds the runtime's
 * archive and, below it in Maven's layout, the release's own bundles and features file.
 */
public final class ReleaseFolder {
  static final String MANIFEST = "manifest";
  private static final String RUNTIME = "runtime.tar.gz";

  private ReleaseFolder() {}

  /** Arguments: the folder, the release's version. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Files.writeString(folder.resolve(MANIFEST), release(folder, arguments[1]).body());
  }

  /** What is in the folder; same files, same release. */
  static Release release(Path folder, String version) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> sorted =
          files.filter(Files::isRegularFile).filter(ReleaseFolder::belongs).sorted().toList();
      List<Blob> blobs = new java.util.ArrayList<>();
      for (Path file : sorted) {
        blobs.add(blob(folder, file));
      }
      return new Release(version, WireVersion.MIN, WireVersion.MAX, blobs);
    }
  }

  /** Maven leaves notes of its own beside what it copies. */
  private static boolean belongs(Path file) {
    String name = file.getFileName().toString();
    return name.equals(RUNTIME) || name.endsWith(".jar") || name.endsWith("-features.xml");
  }

  private static Blob blob(Path folder, Path file) throws IOException {
    String path = folder.relativize(file).toString();
    Kind kind = path.equals(RUNTIME) ? Kind.RUNTIME : Kind.BUNDLE;
    return new Blob(Hashes.of(Files.readAllBytes(file)), Files.size(file), kind, path);
  }
}
