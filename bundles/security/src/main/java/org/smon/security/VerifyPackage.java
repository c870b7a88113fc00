// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.InvalidInputException;
import org.smon.api.Settings;

/**
 * What the dispatcher on a target asks before it believes anything that came over the net (R7, R22,
 * R40). A program of its own: {@code java -cp api.jar:security.jar
 * org.smon.security.VerifyPackage}.
 *
 * <pre>
 * SETTINGS RELEASE                        is the release signed by an operator of these settings?
 * manifest SETTINGS RELEASE               the same, and its manifest on stdout
 * document SETTINGS HELD OFFERED          newer (0), known or older (2), of an unknown type (3); HELD may be -
 * entry JAR NAME FILE                     writes an entry of a jar that was verified before to a file
 * key-id FILE                             the id of the K_E in a file
 * </pre>
 *
 * Exit status 0 yes, 1 refused with one line on stderr, 2 as above.
 */
public final class VerifyPackage {
  private static final int YES = 0;
  private static final int REFUSED = 1;
  private static final int NOT_NEWER = 2;
  private static final int UNKNOWN_TYPE = 3;

  private final PrintStream out;

  VerifyPackage(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      return new VerifyPackage(out).run(args);
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
    } catch (IOException e) {
      err.println("cannot read " + e.getMessage());
    }
    return REFUSED;
  }

  private int run(String[] args) throws IOException {
    return switch (args.length == 0 ? "" : args[0] + " " + args.length) {
      case "manifest 3" -> manifest(args[1], args[2]);
      case "document 4" -> document(args[1], args[2], args[3]);
      case "entry 4" -> entry(args[1], args[2], args[3]);
      case "key-id 2" -> keyId(args[1]);
      default -> release(args);
    };
  }

  private int release(String[] args) throws IOException {
    if (args.length != 2) {
      throw new InvalidInputException(
          "usage: SETTINGS RELEASE | manifest SETTINGS RELEASE | document SETTINGS HELD OFFERED"
              + " | entry JAR NAME FILE | key-id FILE");
    }
    out.println("release " + verified(args[0], args[1]).counter() + " is genuine");
    return YES;
  }

  private int manifest(String settings, String release) throws IOException {
    out.print(verified(settings, release).body());
    out.flush();
    return YES;
  }

  private int document(String settings, String heldFile, String offeredFile) throws IOException {
    if (!isOfKnownType(offeredFile)) {
      out.println("unknown");
      return UNKNOWN_TYPE;
    }
    Document offered = document(offeredFile);
    Document held = heldFile.equals("-") ? null : document(heldFile);
    requireGenuine(offered, settings, held);
    if (held == null) {
      out.println("newer");
      return YES;
    }
    if (held.type() != offered.type()) {
      throw new InvalidInputException("the two documents are not of one type");
    }
    boolean known = offered.hash().equals(held.hash());
    boolean newer = !known && offered.supersedes(held);
    out.println(newer ? "newer" : known ? "known" : "older");
    return newer ? YES : NOT_NEWER;
  }

  /** A later release may bring types that this one, which judges, has not heard of. */
  private static boolean isOfKnownType(String file) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(Path.of(file))) {
      lines.readLine();
      String type = String.valueOf(lines.readLine());
      return !type.matches("type [a-z][a-z0-9-]{0,63}")
          || Arrays.stream(DocumentType.values()).anyMatch(t -> type.equals("type " + t.word()));
    }
  }

  private int entry(String jar, String name, String file) throws IOException {
    try (ZipFile zip = new ZipFile(jar)) {
      ZipEntry entry = zip.getEntry(name);
      if (entry == null) {
        throw new InvalidInputException(jar + " has no " + name);
      }
      try (InputStream content = zip.getInputStream(entry)) {
        Files.copy(content, Path.of(file), StandardCopyOption.REPLACE_EXISTING);
      }
      return YES;
    }
  }

  private int keyId(String file) throws IOException {
    out.println(OverlayKey.load(Path.of(file)).keyId());
    return YES;
  }

  private static Document verified(String settingsFile, String releaseFile) throws IOException {
    Document release = document(releaseFile);
    if (release.type() != DocumentType.RELEASE) {
      throw new InvalidInputException("this is not a release document");
    }
    requireGenuine(release, settingsFile, null);
    return release;
  }

  /** The settings are the machine's own, so they tell which overlay it belongs to. */
  private static void requireGenuine(Document offered, String settingsFile, Document held)
      throws IOException {
    Document settings = document(settingsFile);
    if (settings.type() != DocumentType.SETTINGS) {
      throw new InvalidInputException("this is not a settings document");
    }
    Settings inForce = Settings.ofBody(settings.body());
    Optional<String> refusal =
        new OperatorTrust().refusal(offered, settings.overlayId(), inForce, held);
    if (refusal.isPresent()) {
      throw new InvalidInputException(refusal.get());
    }
  }

  private static Document document(String file) throws IOException {
    return Document.parse(new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8));
  }
}
