// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.regex.Pattern;

/**
 * The grammar of names. What passes here is safe as an argument, a file name and a line of text;
 * what does not never gets further (names are data, never shell text).
 */
public final class Names {
  private static final Pattern MACHINE =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
  private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.=-]{0,63}");
  private static final Pattern OVERLAY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private Names() {}

  /** A host name or IPv4 address: letters, digits, dots and hyphens, no {@code ..}. */
  public static String requireMachine(String name) {
    if (!MACHINE.matcher(name).matches() || name.contains("..")) {
      throw new InvalidInputException(
          "machine name "
              + quote(name)
              + " is not a host name or IPv4 address; use letters, digits, '.' and '-'");
    }
    return name;
  }

  public static String requireUser(String user) {
    return require(USER, user, "user name", "use letters, digits, '_', '.' and '-'");
  }

  public static String requireTag(String tag) {
    return require(TAG, tag, "tag", "use up to 64 letters, digits, '_', '.', '=' and '-'");
  }

  public static String requireOverlayName(String name) {
    return require(OVERLAY, name, "overlay name", "use up to 64 letters, digits, '_', '.' and '-'");
  }

  /**
   * An OpenSSH fingerprint, {@code SHA256:} and 43 characters of base64, as ssh-keygen -l shows it.
   */
  public static String requireFingerprint(String fingerprint) {
    return require(
        FINGERPRINT,
        fingerprint,
        "host key",
        "give the SHA256:... fingerprint that `ssh-keygen -lf` shows");
  }

  /** A SHA-256 in 64 lower-case hex digits. */
  public static String requireHash(String hash) {
    return require(HASH, hash, "hash", "it has to be 64 lower-case hex digits");
  }

  public static int requirePort(int port) {
    if (port < 1 || port > 65535) {
      throw new InvalidInputException("port " + port + " is not between 1 and 65535");
    }
    return port;
  }

  /** The text in quotes with control characters made visible, cut at 80: for one-line messages. */
  public static String quote(String text) {
    StringBuilder shown = new StringBuilder("'");
    text.chars()
        .limit(80)
        .forEach(
            c ->
                shown.append(
                    c < 32 || c == 127 ? "\\u%04x".formatted(c) : String.valueOf((char) c)));
    return shown.append(text.length() > 80 ? "...'" : "'").toString();
  }

  private static String require(Pattern grammar, String text, String what, String advice) {
    if (!grammar.matcher(text).matches()) {
      throw new InvalidInputException(what + " " + quote(text) + " is not valid; " + advice);
    }
    return text;
  }
}
