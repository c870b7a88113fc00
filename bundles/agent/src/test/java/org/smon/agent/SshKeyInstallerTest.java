// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smon.api.Machine;
import org.smon.api.RefusedException;
import org.smon.security.SigningKey;
import org.smon.ssh.HostKeys;
import org.smon.ssh.JdkEd25519;

/** R37: a machine that lets the user in by password only gets to know a key. */
class SshKeyInstallerTest {
  private static final String OVERLAY = "ab".repeat(32);

  static {
    JdkEd25519.register();
  }

  @TempDir Path temp;
  private final PairKey own = new PairKey(SigningKey.generate().pair(), "user");
  private final PairKey hostKey = new PairKey(SigningKey.generate().pair(), "host");
  private final AtomicInteger passwordsSeen = new AtomicInteger();
  private Path home;
  private SshServer server;
  private SshKeyInstaller installer;
  private Machine machine;

  @BeforeEach
  void startServer() throws IOException {
    home = Files.createDirectories(temp.resolve("home with space"));
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey.pair()));
    server.setPasswordAuthenticator(
        (user, password, session) -> {
          passwordsSeen.incrementAndGet();
          return user.equals("ops") && password.equals("open sesame");
        });
    server.setCommandFactory((channel, command) -> new Shell(command, home));
    server.start();
    installer = new SshKeyInstaller(own, OVERLAY);
    machine =
        new Machine(
            "127.0.0.1",
            null,
            server.getPort(),
            HostKeys.fingerprint(hostKey.pair().getPublic()),
            List.of());
  }

  /** What a login shell does with a command, in a home of its own. */
  private static final class Shell extends AbstractCommandSupport {
    private final Path home;

    Shell(String command, Path home) {
      super(command, null);
      this.home = home;
    }

    @Override
    public void run() {
      try {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", getCommand());
        builder.environment().put("HOME", home.toString());
        Process process = builder.redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
          getInputStream().transferTo(in);
        }
        process.getInputStream().transferTo(getOutputStream());
        onExit(process.waitFor());
      } catch (IOException | InterruptedException e) {
        onExit(1, e.toString());
      }
    }
  }

  @AfterEach
  void stopServer() throws IOException {
    installer.close();
    server.stop(true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"password", "keyboard-interactive"})
  void theKeyIsAddedOnceAndWhatWasMadeIsNoted(String method) throws Exception {
    server.setUserAuthFactories(
        List.of(
            method.equals("password")
                ? UserAuthPasswordFactory.INSTANCE
                : UserAuthKeyboardInteractiveFactory.INSTANCE));
    installer.install(machine, "ops", "open sesame");
    installer.install(machine, "ops", "open sesame");
    Path keys = home.resolve(".ssh/authorized_keys");
    String[] word = own.publicLine().split(" ");
    assertEquals(
        List.of(word[0] + " " + word[1] + " smon-password-abababababababab"),
        Files.readAllLines(keys));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)));
    assertEquals(
        List.of(home.resolve(".ssh").toString(), keys.toString()),
        Files.readAllLines(home.resolve(".smon-peer/made")));
  }

  @Test
  void theUsersOwnLinesStay() throws Exception {
    Path keys = Files.createDirectories(home.resolve(".ssh")).resolve("authorized_keys");
    Files.writeString(keys, "ssh-rsa AAAA mine"); // without an end of line
    installer.install(machine, "ops", "open sesame");
    assertEquals("ssh-rsa AAAA mine", Files.readAllLines(keys).get(0));
    assertEquals(2, Files.readAllLines(keys).size());
    Files.writeString(keys, own.publicLine() + "\n"); // known already, by another comment
    installer.install(machine, "ops", "open sesame");
    assertEquals(List.of(own.publicLine()), Files.readAllLines(keys));
    assertFalse(Files.exists(home.resolve(".smon-peer")));
  }

  @Test
  void aWrongPasswordIsARefusalThatDoesNotTellIt() {
    RefusedException refusal =
        assertThrows(RefusedException.class, () -> installer.install(machine, "ops", "guess"));
    assertTrue(refusal.getMessage().contains("does not take the password of ops"));
    assertFalse(refusal.getMessage().contains("guess"));
  }

  @Test
  void thePasswordGoesToNobodyButThePinnedHost() {
    Machine other = machine.withHostKey("SHA256:" + "A".repeat(43));
    assertThrows(IOException.class, () -> installer.install(other, "ops", "open sesame"));
    assertEquals(0, passwordsSeen.get());
  }

  @Test
  void aHomeThatCannotKeepTheKeyIsNamed() throws Exception {
    Files.writeString(home.resolve(".ssh"), "a file is in the way");
    RefusedException refusal =
        assertThrows(
            RefusedException.class, () -> installer.install(machine, "ops", "open sesame"));
    assertTrue(refusal.getMessage().contains("cannot keep a public key"), refusal.getMessage());
  }
}
