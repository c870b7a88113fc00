// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.smon.api.Hashes;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Kind;
import org.smon.wire.WireVersion;

/**
 * A release as a folder: the runtime's archive, and below it in Maven's layout the release's own
 * bundles and features repository; beside them the {@code manifest}, the text that the operator
 * signs.
 */
public final class ReleaseFolder implements ReleaseSource {
  static final String MANIFEST = "manifest";
  private static final String RUNTIME = "runtime.tar.gz";

  private final Path folder;
  private final Release release;

  private ReleaseFolder(Path folder, Release release) {
    this.folder = folder;
    this.release = release;
  }

  /** Writes the manifest. Arguments: the folder, the release's version. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Files.writeString(folder.resolve(MANIFEST), scan(folder, arguments[1]).release().body());
  }

  /** What its manifest says. */
  static ReleaseFolder withManifest(Path folder) throws IOException {
    try {
      return new ReleaseFolder(folder, Release.ofBody(Files.readString(folder.resolve(MANIFEST))));
    } catch (NoSuchFileException e) {
      throw new FailedException("there is no release in " + folder + ": it has no manifest", e);
    }
  }

  /**
   * What is in the folder, whatever its manifest says; same files, same release.
   *
   * @param version null for that of the features repository
   */
  static ReleaseFolder scan(Path folder, String version) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new FailedException("there is no directory " + folder);
    }
    List<Blob> blobs = new ArrayList<>();
    for (Path file : files(folder)) {
      blobs.add(blob(folder, file));
    }
    String named = version == null ? featuresVersion(folder, blobs) : version;
    return new ReleaseFolder(folder, new Release(named, WireVersion.MIN, WireVersion.MAX, blobs));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).filter(ReleaseFolder::belongs).sorted().toList();
    }
  }

  private static String featuresVersion(Path folder, List<Blob> blobs) {
    return new Release("0", WireVersion.MIN, WireVersion.MAX, blobs)
        .featuresVersion()
        .orElseThrow(
            () ->
                new FailedException(
                    folder + " has no org/smon/smon-features/V/smon-features-V-features.xml"));
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

  @Override
  public Release release() {
    return release;
  }

  @Override
  public Optional<InputStream> open(Blob blob) throws IOException {
    Path file = folder.resolve(blob.path());
    return Files.isRegularFile(file) ? Optional.of(Files.newInputStream(file)) : Optional.empty();
  }
}
