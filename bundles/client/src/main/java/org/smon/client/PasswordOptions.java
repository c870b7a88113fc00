// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.smon.agent.AuditLog;
import org.smon.agent.KeyInstaller;
import org.smon.agent.PasswordLogins;
import org.smon.agent.Passwords;
import org.smon.agent.SshKey;
import org.smon.agent.SshKeyInstaller;
import picocli.CommandLine.Option;

/** How an agent gets into machines that know the user by a password only (R37). */
final class PasswordOptions {
  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = {
        "passwords of machines without a key: lines 'MACHINE PASSWORD', * for all others (mode 600);",
        "the agent logs in there once and leaves a public key"
      })
  private Path file;

  @Option(
      names = "--disclose-password",
      description = "hand these passwords to the peers that log in, instead; every time is audited")
  private boolean disclose;

  boolean sayNothing() {
    return file == null;
  }

  boolean contradict() {
    return disclose && file == null;
  }

  /**
   * @param key what machines get to know
   */
  PasswordLogins logins(ClientHome home, SshKey key, AuditLog audit) throws IOException {
    KeyInstaller installer =
        sayNothing() || disclose
            ? (machine, user, password) -> {}
            : new SshKeyInstaller(key, home.documents().overlayId());
    return new PasswordLogins(
        sayNothing() ? Passwords.none() : Passwords.read(file.toAbsolutePath()),
        disclose,
        installer,
        audit,
        home.agentDirectory(),
        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  }
}
