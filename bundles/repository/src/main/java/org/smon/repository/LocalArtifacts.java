// SPDX-License-Identifier: Apache-2.0
package org.smon.repository;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds what an {@code mvn:} URL names in directories of Maven's layout: the runtime's {@code
 * system/} and the release's {@code repository/}. Immutable.
 */
public final class LocalArtifacts {
  private static final String PROTOCOL = "mvn:";
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");
  private static final int VERSION = 2;
  private static final int TYPE = 3;
  private static final int CLASSIFIER = 4;

  private final List<Path> directories;

  public LocalArtifacts(List<Path> directories) {
    this.directories = List.copyOf(directories);
  }

  /** As the start script says by system properties. */
  public static LocalArtifacts ofThisPeer() {
    return new LocalArtifacts(
        List.of(
            Path.of(System.getProperty("smon.root"), "repository"),
            Path.of(System.getProperty("karaf.home"), "system")));
  }

  /**
   * @param url {@code mvn:GROUP/ARTIFACT/VERSION[/TYPE[/CLASSIFIER]]}
   * @throws FileNotFoundException in one line when the file is not here
   */
  public Path find(String url) throws IOException {
    String path = path(url);
    return directories.stream()
        .map(directory -> directory.resolve(path))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () -> new FileNotFoundException(url + " is neither in the runtime nor in the release"));
  }

  private static String path(String url) throws MalformedURLException {
    String[] part = url.substring(url.startsWith(PROTOCOL) ? PROTOCOL.length() : 0).split("/", -1);
    if (part.length <= VERSION || part.length > CLASSIFIER + 1 || !plain(part)) {
      throw new MalformedURLException(
          url + " is not mvn:GROUP/ARTIFACT/VERSION[/TYPE[/CLASSIFIER]]");
    }
    String type = part.length > TYPE ? part[TYPE] : "jar";
    String classifier = part.length > CLASSIFIER ? "-" + part[CLASSIFIER] : "";
    String directory = part[0].replace('.', '/') + "/" + part[1] + "/" + part[VERSION];
    return directory + "/" + part[1] + "-" + part[VERSION] + classifier + "." + type;
  }

  private static boolean plain(String[] parts) {
    return List.of(parts).stream()
        .allMatch(part -> PART.matcher(part).matches() && !part.contains(".."));
  }
}
