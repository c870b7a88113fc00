// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A release of SMON (R19, R22): the body of a RELEASE document, its signed manifest.
 *
 * @param version what people read, such as 1.0.0; the document's counter orders releases
 * @param wireMin the oldest wire version it understands (R25)
 * @param wireMax the newest
 * @param plan how it is to be rolled out (R23)
 */
public record Release(String version, int wireMin, int wireMax, Plan plan, List<Blob> blobs) {
  private static final Pattern FEATURES =
      Pattern.compile("org/smon/smon-features/([^/]+)/smon-features-[^/]+-features\\.xml");

  /** In which steps machines may adopt it. */
  public enum Waves {
    /** A canary, then growing fractions, each after the one before has proved healthy. */
    GROWING,
    /** All at once; each machine still judges for itself. */
    ONE,
    /** As GROWING, and no number of refusals stops it: the operator lifts a quarantine. */
    FORCED
  }

  /**
   * How a release is rolled out.
   *
   * @param probationSeconds how long new bundles have to be well before they are adopted for good
   */
  public record Plan(Waves waves, int probationSeconds) {
    public static final int DEFAULT_PROBATION_SECONDS = 30;
    private static final int MAX_PROBATION_SECONDS = 3600;
    public static final Plan USUAL = new Plan(Waves.GROWING, DEFAULT_PROBATION_SECONDS);

    public Plan {
      if (probationSeconds < 1 || probationSeconds > MAX_PROBATION_SECONDS) {
        throw new InvalidInputException(
            "a probation of " + probationSeconds + " s is not between 1 s and an hour");
      }
    }

    String line() {
      return waves.name().toLowerCase(Locale.ROOT) + " " + probationSeconds;
    }

    static Plan ofLine(String line) {
      String[] part = line.split(" ");
      return new Plan(Waves.valueOf(part[0].toUpperCase(Locale.ROOT)), Integer.parseInt(part[1]));
    }
  }

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
      return "blob %s %d %s %s".formatted(sha256, size, kind.name().toLowerCase(Locale.ROOT), path);
    }
  }

  public Release {
    if (!version.matches("[0-9A-Za-z][0-9A-Za-z.-]{0,63}") || wireMin < 1 || wireMax < wireMin) {
      throw new InvalidInputException(
          "release version " + Names.quote(version) + " or its wire range is not valid");
    }
    blobs = List.copyOf(blobs);
  }

  /** To be rolled out as usual. */
  public Release(String version, int wireMin, int wireMax, List<Blob> blobs) {
    this(version, wireMin, wireMax, Plan.USUAL, blobs);
  }

  public Release withPlan(Plan other) {
    return new Release(version, wireMin, wireMax, other, blobs);
  }

  /** The archive of the runtime; a release that changes it cannot be swapped in live (R24). */
  public Optional<Blob> runtime() {
    return blobs.stream().filter(blob -> blob.kind() == Kind.RUNTIME).findFirst();
  }

  /** The version of its features repository, {@code mvn:org.smon/smon-features/V/xml/features}. */
  public Optional<String> featuresVersion() {
    return blobs.stream()
        .filter(blob -> blob.kind() == Kind.BUNDLE)
        .map(blob -> FEATURES.matcher(blob.path()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .findFirst();
  }

  public String body() {
    return "version %s\nwire %d %d\n".formatted(version, wireMin, wireMax)
        + (plan.equals(Plan.USUAL) ? "" : "rollout " + plan.line() + "\n")
        + blobs.stream().map(b -> b.line() + "\n").collect(Collectors.joining());
  }

  public static Release ofBody(String body) {
    Lines lines = new Lines("release", body);
    try {
      String[] wire = lines.one("wire").split(" ");
      List<Blob> blobs = lines.all("blob").stream().map(Release::blob).toList();
      List<String> plan = lines.all("rollout");
      return new Release(
          lines.one("version"),
          Integer.parseInt(wire[0]),
          Integer.parseInt(wire[1]),
          plan.isEmpty() ? Plan.USUAL : Plan.ofLine(plan.get(0)),
          blobs);
    } catch (InvalidInputException e) {
      throw e;
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new InvalidInputException("the release manifest is malformed");
    }
  }

  private static Blob blob(String line) {
    String[] part = line.split(" ", -1);
    try {
      Kind kind = Kind.valueOf(part[2].toUpperCase(Locale.ROOT));
      return new Blob(part[0], Long.parseLong(part[1]), kind, part[3]);
    } catch (InvalidInputException e) {
      throw e; // it says more: such as which path leads out
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new InvalidInputException(
          "release line " + Names.quote(line) + " is not 'sha256 size kind path'");
    }
  }
}
