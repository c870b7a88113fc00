// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;

/**
 * The lines of an authorized_keys file that matter here: the key, and the command it is bound to.
 * Every other option only takes something away (forwarding, ptys) that an {@link EmbeddedMachine}
 * never gives.
 */
final class AuthorizedKeys {
  private final List<Entry> entries;

  /**
   * @param command what the server runs whatever the client asks for, or null
   */
  record Entry(String command, PublicKey key) {}

  private AuthorizedKeys(List<Entry> entries) {
    this.entries = entries;
  }

  /** Read anew for every login, as sshd does; no file, no keys. */
  static AuthorizedKeys read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new AuthorizedKeys(List.of());
    }
    return parse(Files.readAllLines(file));
  }

  static AuthorizedKeys parse(List<String> lines) {
    return new AuthorizedKeys(lines.stream().flatMap(l -> entry(l.strip()).stream()).toList());
  }

  Optional<Entry> find(PublicKey key) {
    return entries.stream().filter(e -> KeyUtils.compareKeys(e.key(), key)).findFirst();
  }

  private static Optional<Entry> entry(String line) {
    if (line.isEmpty() || line.startsWith("#")) {
      return Optional.empty();
    }
    Optional<PublicKey> bare = key(line);
    if (bare.isPresent()) {
      return Optional.of(new Entry(null, bare.get()));
    }
    int end = endOfOptions(line);
    return key(line.substring(end).strip())
        .map(key -> new Entry(command(line.substring(0, end)), key));
  }

  private static Optional<PublicKey> key(String text) {
    String[] part = text.split("\\s+");
    if (part.length < 2 || !part[0].matches("(ssh|ecdsa)-.*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          PublicKeyEntry.parsePublicKeyEntry(part[0] + " " + part[1])
              .resolvePublicKey(null, null, null));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty(); // a key of a kind this server does not know lets nobody in
    }
  }

  /** The first blank outside of quotes; a quote within quotes is written \". */
  private static int endOfOptions(String line) {
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && (i == 0 || line.charAt(i - 1) != '\\')) {
        quoted = !quoted;
      } else if (!quoted && (c == ' ' || c == '\t')) {
        return i;
      }
    }
    return line.length();
  }

  private static String command(String options) {
    int start = options.indexOf("command=\"");
    if (start < 0) {
      return null;
    }
    StringBuilder command = new StringBuilder();
    for (int i = start + "command=\"".length(); i < options.length(); i++) {
      char c = options.charAt(i);
      if (c == '"') {
        return command.toString();
      }
      boolean escaped = c == '\\' && i + 1 < options.length() && options.charAt(i + 1) == '"';
      command.append(escaped ? options.charAt(++i) : c);
    }
    throw new IllegalArgumentException("the command of an authorized key has no closing quote");
  }
}
