// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.smon.api.InvalidInputException;
import org.smon.security.SigningKey;
import org.smon.ssh.JdkEd25519;

/** Keys from files: the user's own in OpenSSH's formats, and the enrolment key the agent makes. */
public final class KeyFiles {
  private KeyFiles() {}

  /**
   * The user's private key: OpenSSH or PEM; ed25519, ecdsa or rsa.
   *
   * @param passphrase null for none
   */
  public static SshKey load(Path file, String passphrase) throws IOException {
    JdkEd25519.register();
    if (!Files.isReadable(file)) {
      throw new InvalidInputException(
          "key file " + file + " cannot be read; name the private key with --key");
    }
    return new PairKey(pair(file, passphrase), "user");
  }

  /** The overlay-only key, made on first use and kept beside the agent's other state (0600). */
  public static SshKey enrolment(Path file, String overlay) throws IOException {
    JdkEd25519.register();
    if (!Files.exists(file)) {
      SigningKey.generate().save(file);
    }
    return new PairKey(SigningKey.load(file).pair(), "smon-" + overlay.substring(0, 16));
  }

  private static KeyPair pair(Path file, String passphrase) throws IOException {
    FilePasswordProvider provider =
        passphrase == null ? FilePasswordProvider.EMPTY : FilePasswordProvider.of(passphrase);
    try (InputStream content = Files.newInputStream(file)) {
      Iterable<KeyPair> pairs =
          SecurityUtils.loadKeyPairIdentities(
              null, NamedResource.ofName(file.toString()), content, provider);
      if (pairs != null && pairs.iterator().hasNext()) {
        return pairs.iterator().next();
      }
      throw new InvalidInputException(
          "file " + file + " holds no private key; name the private key, not the .pub file");
    } catch (GeneralSecurityException | RuntimeException | IOException e) {
      if (e instanceof InvalidInputException known) {
        throw known;
      }
      throw new InvalidInputException(
          "key file " + file + " cannot be opened: " + advice(passphrase, e));
    }
  }

  private static String advice(String passphrase, Exception e) {
    String told = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return passphrase == null
        ? told + " (if it has a passphrase, give --passphrase-file)"
        : told + " (is the passphrase right?)";
  }
}
