// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.smon.ssh.JdkEd25519;

/** The demo's own ssh keys, in OpenSSH files; it never reads {@code ~/.ssh}. */
final class SshKeys {
  private SshKeys() {}

  /**
   * Makes a P-256 key: every ssh knows it, and Java makes it in a millisecond.
   *
   * @param file the private key, mode 0600; the public one goes beside it as {@code .pub}
   * @return its fingerprint, {@code SHA256:...}
   */
  static String generate(Path file, String comment) throws IOException {
    JdkEd25519.register(); // before Mina looks at any key, or it settles without it
    try {
      KeyPair pair = KeyUtils.generateKeyPair(KeyPairProvider.ECDSA_SHA2_NISTP256, 256);
      var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      Files.deleteIfExists(file);
      Files.createFile(file, mode);
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, comment, null, out);
      }
      Files.writeString(
          publicFile(file), publicLine(pair) + " " + comment + "\n", StandardCharsets.US_ASCII);
      return KeyUtils.getFingerPrint(pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java cannot make an ssh key", e);
    }
  }

  static Path publicFile(Path file) {
    return file.resolveSibling(file.getFileName() + ".pub");
  }

  private static String publicLine(KeyPair pair) {
    return PublicKeyEntry.toString(pair.getPublic());
  }
}
