// SPDX-License-Identifier: Apache-2.0
package org.smon.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;

/**
 * A user's known_hosts file: plain, hashed and {@code [host]:port} entries. Lines that say nothing
 * about a key (comments, @revoked, @cert-authority, what nobody can read) are passed over.
 */
public final class KnownHosts {
  private final List<KnownHostEntry> entries;

  private KnownHosts(List<KnownHostEntry> entries) {
    this.entries = entries;
  }

  /** Reads the file; an absent one knows nobody. */
  public static KnownHosts read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new KnownHosts(List.of());
    }
    JdkEd25519.register();
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    return new KnownHosts(text.lines().flatMap(line -> entry(line).stream()).toList());
  }

  /** Fingerprints of the keys the user trusts for this host, in the file's order. */
  public List<String> fingerprints(String host, int port) {
    return entries.stream()
        .filter(entry -> entry.isHostMatch(host, port))
        .flatMap(KnownHosts::fingerprint)
        .distinct()
        .toList();
  }

  private static Optional<KnownHostEntry> entry(String line) {
    try {
      return Optional.ofNullable(KnownHostEntry.parseKnownHostEntry(line.strip()))
          .filter(entry -> entry.getMarker() == null || entry.getMarker().isEmpty());
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private static Stream<String> fingerprint(KnownHostEntry entry) {
    try {
      return Stream.of(
          HostKeys.fingerprint(
              entry.getKeyEntry().resolvePublicKey(null, null, PublicKeyEntryResolver.FAILING)));
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      return Stream.empty();
    }
  }
}
