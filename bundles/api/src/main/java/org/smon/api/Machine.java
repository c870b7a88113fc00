// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An entry of the machine list (R29, R33): where a peer should run and how ssh gets there.
 *
 * @param name unique in the list, without user and port; also the address to connect to
 * @param user login user, or null for the one who set up the overlay
 * @param sshPort 1 to 65535
 * @param hostKey the pinned key's OpenSSH fingerprint, or null when not pinned (then nobody logs
 *     in)
 */
public record Machine(String name, String user, int sshPort, String hostKey, List<String> tags) {
  public static final int DEFAULT_SSH_PORT = 22;

  public Machine {
    Names.requireMachine(name);
    if (user != null) {
      Names.requireUser(user);
    }
    Names.requirePort(sshPort);
    if (hostKey != null) {
      Names.requireFingerprint(hostKey);
    }
    tags = List.copyOf(tags);
    tags.forEach(Names::requireTag);
  }

  /** Reads {@code [user@]name[:sshPort]}. */
  public static Machine parse(String text) {
    int at = text.indexOf('@');
    int colon = text.lastIndexOf(':');
    String user = at < 0 ? null : text.substring(0, at);
    String name = text.substring(at + 1, colon > at ? colon : text.length());
    int port = colon > at ? parsePort(text, text.substring(colon + 1)) : DEFAULT_SSH_PORT;
    return new Machine(name, user, port, null, List.of());
  }

  public Optional<String> pin() {
    return Optional.ofNullable(hostKey);
  }

  public Machine withHostKey(String fingerprint) {
    return new Machine(name, user, sshPort, fingerprint, tags);
  }

  public Machine withUser(String newUser) {
    return new Machine(name, newUser, sshPort, hostKey, tags);
  }

  public Machine withSshPort(int port) {
    return new Machine(name, user, port, hostKey, tags);
  }

  public Machine withTags(List<String> newTags) {
    return new Machine(name, user, sshPort, hostKey, newTags);
  }

  /**
   * {@code name user port hostKey tag,tag}, with - for what is absent: a line of a list document.
   */
  String line() {
    return "%s %s %d %s %s"
        .formatted(
            name,
            orDash(user),
            sshPort,
            orDash(hostKey),
            tags.isEmpty() ? "-" : tags.stream().collect(Collectors.joining(",")));
  }

  static Machine ofLine(String line) {
    String[] part = line.split(" ", -1);
    if (part.length != 5) {
      throw new InvalidInputException("list line " + Names.quote(line) + " does not have 5 fields");
    }
    List<String> tags = part[4].equals("-") ? List.of() : List.of(part[4].split(","));
    return new Machine(part[0], orNull(part[1]), parsePort(line, part[2]), orNull(part[3]), tags);
  }

  private static int parsePort(String whole, String digits) {
    try {
      return Names.requirePort(Integer.parseInt(digits));
    } catch (NumberFormatException e) {
      throw new InvalidInputException(
          "port " + Names.quote(digits) + " in " + Names.quote(whole) + " is not a number");
    }
  }

  private static String orDash(String value) {
    return value == null ? "-" : value;
  }

  private static String orNull(String field) {
    return field.equals("-") ? null : field;
  }
}
