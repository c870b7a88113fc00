// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A machine with a real sshd of the current user on a free loopback port. */
final class OpenSshMachine implements TestMachine {
  static final Path SSHD = Path.of("/usr/sbin/sshd");

  private final Path home;
  private final String fingerprint;
  private final String secondFingerprint;
  private final Process sshd;
  private final Cable cable;

  OpenSshMachine(Path home) throws Exception {
    this.home = Files.createDirectories(home);
    Path etc = Files.createDirectories(home.resolveSibling("etc of " + home.getFileName()));
    Path key = etc.resolve("host_key");
    Path second = etc.resolve("second_key");
    fingerprint = hostKey("ed25519", key);
    secondFingerprint = hostKey("ecdsa", second);
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of("/run/sshd"));
    }
    int port = freePort();
    Path config =
        Files.writeString(
            etc.resolve("sshd_config"),
            """
            ListenAddress 127.0.0.1:%d
            HostKey "%s"
            HostKey "%s"
            AuthorizedKeysFile "%s"
            StrictModes no
            UsePAM no
            PidFile none
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin yes
            MaxStartups 100
            LogLevel QUIET
            SetEnv "HOME=%s"
            """
                .formatted(port, key, second, authorizedKeys(), home));
    sshd =
        new ProcessBuilder(SSHD.toString(), "-D", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(etc.resolve("log").toFile())
            .start();
    awaitListening(port, etc);
    cable = new Cable(port);
  }

  private void awaitListening(int port, Path etc) throws Exception {
    for (int i = 0; i < 200; i++) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (sshd.waitFor(50, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    }
    throw new IOException("sshd does not listen: " + Files.readString(etc.resolve("log")));
  }

  private static String hostKey(String type, Path file) throws Exception {
    run("ssh-keygen", "-q", "-t", type, "-N", "", "-f", file.toString());
    return run("ssh-keygen", "-lf", file.toString()).split(" ")[1];
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
    return said;
  }

  @Override
  public Path home() {
    return home;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public String secondFingerprint() {
    return secondFingerprint;
  }

  @Override
  public Cable cable() {
    return cable;
  }

  @Override
  public void close() throws IOException {
    cable.close();
    sshd.destroy();
    sshd.onExit().join();
  }
}
