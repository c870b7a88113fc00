// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorizedKeysTest {
  @TempDir private Path directory;
  private String line;
  private PublicKey key;

  @BeforeEach
  void makeKey() throws Exception {
    SshKeys.generate(directory.resolve("id"), "a comment");
    line = Files.readString(directory.resolve("id.pub")).strip();
    key = PublicKeyEntry.parsePublicKeyEntry(line).resolvePublicKey(null, null, null);
  }

  @Test
  void aBareKeyMayRunAnything() {
    assertNull(find(line).command());
  }

  @Test
  void aForcedCommandKeepsItsSpacesAndQuotes() {
    String bound = "restrict,command=\"\\\"$HOME/a b/dispatch\\\" x\" " + line;
    assertEquals("\"$HOME/a b/dispatch\" x", find(bound).command());
  }

  @Test
  void optionsWithoutACommandLeaveTheKeyFree() {
    assertNull(find("no-pty,from=\"127.0.0.1, ::1\" " + line).command());
  }

  @Test
  void commentsEmptyLinesAndUnknownKeysLetNobodyIn() {
    assertTrue(
        AuthorizedKeys.parse(List.of("# " + line, "", "ssh-new AAAA x", "nonsense"))
            .find(key)
            .isEmpty());
  }

  @Test
  void aMissingFileLetsNobodyIn() throws Exception {
    assertTrue(AuthorizedKeys.read(directory.resolve("none")).find(key).isEmpty());
  }

  private AuthorizedKeys.Entry find(String text) {
    return AuthorizedKeys.parse(List.of("", text)).find(key).orElseThrow();
  }
}
