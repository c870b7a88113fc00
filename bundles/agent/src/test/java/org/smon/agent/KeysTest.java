// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smon.api.InvalidInputException;
import org.smon.ssh.JdkEd25519;

/** R34: keys in OpenSSH's own files, and in the user's ssh-agent. */
class KeysTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "ed25519,,ssh-ed25519",
    "ecdsa,,ecdsa-sha2-nistp256",
    "rsa,,rsa-sha2-512",
    "ed25519,secret word,ssh-ed25519",
    "rsa,secret word,rsa-sha2-256"
  })
  void keyMadeBySshKeygenSigns(String type, String passphrase, String algorithm) throws Exception {
    Path file = keygen(type, passphrase == null ? "" : passphrase);
    SshKey key = KeyFiles.load(file, passphrase);
    assertTrue(key.is(Files.readString(Path.of(file + ".pub"))));
    assertSigns(key, algorithm);
  }

  @Test
  void wrongPassphraseAndWrongFilesAreOneLine() throws Exception {
    Path locked = keygen("ed25519", "secret word");
    for (String passphrase : new String[] {null, "guess"}) {
      String told =
          assertThrows(InvalidInputException.class, () -> KeyFiles.load(locked, passphrase))
              .getMessage();
      assertEquals(1, told.lines().count());
      assertTrue(told.contains("passphrase"), told);
    }
    Path publicHalf = Path.of(locked + ".pub");
    assertThrows(InvalidInputException.class, () -> KeyFiles.load(publicHalf, null));
    assertThrows(
        InvalidInputException.class, () -> KeyFiles.load(directory.resolve("absent"), null));
  }

  @Test
  void rsaKeyNeverSignsBySha1() throws Exception {
    SshKey key = KeyFiles.load(keygen("rsa", ""), null);
    assertThrows(IOException.class, () -> key.sign("ssh-rsa", new byte[] {1}));
  }

  @Test
  void enrolmentKeyIsMadeOnceAndKept() throws IOException {
    Path file = directory.resolve("enrolment.key");
    String overlay = "ab".repeat(32);
    String first = KeyFiles.enrolment(file, overlay).publicLine();
    assertEquals(first, KeyFiles.enrolment(file, overlay).publicLine());
    assertTrue(first.endsWith(" smon-abababababababab"));
    assertEquals(
        "rw-------",
        java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void keysOfTheUsersSshAgentSignWithoutLeavingIt() throws Exception {
    assumeTrue(
        installed("ssh-agent"), "skipped: ssh-agent (package openssh-client) is not installed");
    Path socket = Files.createTempDirectory("ssh").resolve("s"); // a socket's path has to be short
    Process sshAgent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString()).start();
    try {
      while (!Files.exists(socket) && sshAgent.isAlive()) {
        Thread.onSpinWait();
      }
      assertThrows(InvalidInputException.class, () -> new SocketKeys(socket).keys());
      for (String type : List.of("ed25519", "rsa")) {
        ProcessBuilder add = new ProcessBuilder("ssh-add", "-q", keygen(type, "").toString());
        add.environment().put("SSH_AUTH_SOCK", socket.toString());
        assertEquals(0, add.inheritIO().start().waitFor());
      }
      List<SshKey> keys = new SocketKeys(socket).keys();
      assertSigns(keys.get(0), "ssh-ed25519");
      assertSigns(keys.get(1), "rsa-sha2-512");
    } finally {
      sshAgent.destroy();
      sshAgent.waitFor(5, TimeUnit.SECONDS);
    }
  }

  private Path keygen(String type, String passphrase) throws Exception {
    assumeTrue(
        installed("ssh-keygen"), "skipped: ssh-keygen (package openssh-client) is not installed");
    Path file = directory.resolve("key " + type);
    Process keygen =
        new ProcessBuilder("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", file.toString())
            .inheritIO()
            .start();
    assertEquals(0, keygen.waitFor());
    return file;
  }

  private static boolean installed(String program) {
    return Files.isExecutable(Path.of("/usr/bin", program));
  }

  private static void assertSigns(SshKey key, String algorithm) throws Exception {
    JdkEd25519.register();
    byte[] data = {1, 2, 3};
    byte[] signed = key.sign(algorithm, data);
    assertEquals(algorithm, new ByteArrayBuffer(signed).getString());
    Signature verifier = BuiltinSignatures.fromFactoryName(algorithm).create();
    verifier.initVerifier(
        null, new ByteArrayBuffer(SshKey.blob(key.publicLine())).getRawPublicKey());
    verifier.update(null, data);
    assertTrue(verifier.verify(null, signed));
  }
}
