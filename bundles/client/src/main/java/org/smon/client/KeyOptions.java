// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.smon.agent.KeyFiles;
import org.smon.agent.SocketKeys;
import org.smon.agent.SshKey;
import picocli.CommandLine.Option;

/** Where an agent has the user's own ssh key from. */
final class KeyOptions {
  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "the private ssh key: ed25519, ecdsa or rsa, in OpenSSH's or PEM format")
  private Path key;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "holds the passphrase of --key in its first line")
  private Path passphraseFile;

  @Option(names = "--ssh-agent", description = "use the ssh-agent of $SSH_AUTH_SOCK instead")
  private boolean sshAgent;

  boolean sayNothing() {
    return key == null && !sshAgent;
  }

  boolean contradict() {
    return key != null && sshAgent || passphraseFile != null && key == null;
  }

  /** The keys that the options name. */
  List<SshKey> keys(Surroundings surroundings) throws IOException {
    return sshAgent
        ? ofSocket(surroundings)
        : List.of(KeyFiles.load(key.toAbsolutePath(), passphrase()));
  }

  /** Without options: what ssh itself would use, the ssh-agent first. */
  List<SshKey> usual(Surroundings surroundings) throws IOException {
    if (!sayNothing()) {
      return keys(surroundings);
    }
    if (surroundings.env("SSH_AUTH_SOCK") != null) {
      return ofSocket(surroundings);
    }
    Path ssh = surroundings.userHome().resolve(".ssh");
    Path found =
        Stream.of("id_ed25519", "id_ecdsa", "id_rsa")
            .map(ssh::resolve)
            .filter(Files::isReadable)
            .findFirst()
            .orElseThrow(
                () ->
                    new FailedException(
                        "there is no ssh key in " + ssh + " and no ssh-agent; give --key FILE"));
    return List.of(KeyFiles.load(found, passphrase()));
  }

  /** Without options: a key that the agent makes, where passwords are what machines know. */
  List<SshKey> orOwn(ClientHome home, PasswordOptions passwords, Surroundings surroundings)
      throws IOException {
    return sayNothing() && !passwords.sayNothing()
        ? List.of(AgentIdentity.ownKey(home))
        : usual(surroundings);
  }

  private static List<SshKey> ofSocket(Surroundings surroundings) throws IOException {
    String socket = surroundings.env("SSH_AUTH_SOCK");
    if (socket == null) {
      throw new FailedException("SSH_AUTH_SOCK is not set; start an ssh-agent, or give --key FILE");
    }
    return new SocketKeys(Path.of(socket)).keys();
  }

  private String passphrase() throws IOException {
    return passphraseFile == null
        ? null
        : Files.readString(passphraseFile).lines().findFirst().orElse("");
  }
}
