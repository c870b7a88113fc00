// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A release of SMON (R19, R22): the body of a RELEASE document, its signed manifest.
 *
 * @param version what people read, such as 1.0.0; the document's counter orders releases
 * @param wireMin the oldest wire version it understands (R25)
 * @param wireMax the newest
 */
public record Release(String version, int wireMin, int wireMax, List<Blob> blobs) {
  /** What becomes of a file of the release on the machine. */
  public enum Kind {
    /** A tar.gz, unpacked into runtime/HASH and shared by releases. */
    RUNTIME,
    /** A Java runtime as tar.gz, unpacked into jre-HASH; only sent to machines without Java. */
    JRE,
    /** A file at its path below repository/. */
    BUNDLE
  }

  /**
   * @param sha256 hex
   * @param size bytes
   * @param path where it belongs, relative, of letters, digits, '.', '_', '-' and '/' only
   */
  public record Blob(String sha256, long size, Kind kind, String path) {
    public Blob {
      Names.requireHash(sha256);
      boolean safe = path.matches("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");
      if (size < 0 || !safe) {
        throw new InvalidInputException(
            "release entry " + Names.quote(path) + " is not a safe path");
      }
    }

    String line() {
      return "blob %s %d %s %s"
          .formatted(sha256, size, kind.name().toLowerCase(java.util.Locale.ROOT), path);
    }
  }

  public Release {
    if (!version.matches("[0-9A-Za-z][0-9A-Za-z.-]{0,63}") || wireMin < 1 || wireMax < wireMin) {
      throw new InvalidInputException(
          "release version " + Names.quote(version) + " or its wire range is not valid");
    }
    blobs = List.copyOf(blobs);
  }

  public String body() {
    return "version %s\nwire %d %d\n".formatted(version, wireMin, wireMax)
        + blobs.stream().map(b -> b.line() + "\n").collect(Collectors.joining());
  }

  public static Release ofBody(String body) {
    Lines lines = new Lines("release", body);
    try {
      String[] wire = lines.one("wire").split(" ");
      List<Blob> blobs = lines.all("blob").stream().map(Release::blob).toList();
      return new Release(
          lines.one("version"), Integer.parseInt(wire[0]), Integer.parseInt(wire[1]), blobs);
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new InvalidInputException("the release manifest is malformed");
    }
  }

  private static Blob blob(String line) {
    String[] part = line.split(" ", -1);
    try {
      Kind kind = Kind.valueOf(part[2].toUpperCase(java.util.Locale.ROOT));
      return new Blob(part[0], Long.parseLong(part[1]), kind, part[3]);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new InvalidInputException(
          "release line " + Names.quote(line) + " is not 'sha256 size kind path'");
    }
  }
}
