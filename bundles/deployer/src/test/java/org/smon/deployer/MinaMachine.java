// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.smon.ssh.JdkEd25519;

/** A machine with an embedded ssh server: authorized_keys with command=, and real sh processes. */
final class MinaMachine implements TestMachine {
  private static final Pattern LINE =
      Pattern.compile("(?:restrict,command=\"((?:[^\"\\\\]|\\\\.)*)\" )?(\\S+ \\S+)(?: .*)?");
  private static final AttributeKey<String> FORCED = new AttributeKey<>();

  private final Path home;
  private final SshServer server;
  private final KeyPair hostKey = Overlay.keyPair();
  private final KeyPair secondKey;
  private final Cable cable;
  private final String path;

  /** By which anybody is let in, or null. */
  volatile String password;

  MinaMachine(Path home) throws Exception {
    this(home, System.getenv("PATH"));
  }

  /** A machine with these commands and no others. */
  MinaMachine(Path home, String path) throws Exception {
    this.path = path;
    JdkEd25519.register();
    this.home = Files.createDirectories(home);
    secondKey = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey, secondKey));
    server.setPublickeyAuthenticator(
        (user, key, session) -> {
          String command = commandFor(user, key);
          session.setAttribute(FORCED, command == null ? "" : command);
          return command != null;
        });
    server.setPasswordAuthenticator(
        (user, offered, session) -> {
          session.setAttribute(FORCED, "");
          return offered.equals(password);
        });
    server.setCommandFactory((channel, command) -> new Shell(command));
    server.start();
    cable = new Cable(server.getPort());
  }

  /** Null: not let in; empty: any command. */
  private String commandFor(String user, PublicKey key) {
    if (!user.equals(System.getProperty("user.name")) || !Files.exists(authorizedKeys())) {
      return null;
    }
    try {
      for (String line : Files.readAllLines(authorizedKeys())) {
        Matcher entry = LINE.matcher(line);
        if (entry.matches() && KeyUtils.compareKeys(key, parse(entry.group(2)))) {
          return entry.group(1) == null ? "" : entry.group(1).replace("\\\"", "\"");
        }
      }
    } catch (Exception e) {
      return null;
    }
    return null;
  }

  private static PublicKey parse(String line) throws Exception {
    return PublicKeyEntry.parsePublicKeyEntry(line).resolvePublicKey(null, null, null);
  }

  @Override
  public Path home() {
    return home;
  }

  @Override
  public Cable cable() {
    return cable;
  }

  @Override
  public String fingerprint() {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, hostKey.getPublic());
  }

  @Override
  public String secondFingerprint() {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, secondKey.getPublic());
  }

  @Override
  public void close() throws IOException {
    cable.close();
    server.stop(true);
  }

  /** Runs what a real sshd would: the forced command, or the one asked for. */
  private final class Shell implements Command {
    private final String asked;
    private InputStream in;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;
    private Process process;

    Shell(String asked) {
      this.asked = asked;
    }

    @Override
    public void start(ChannelSession channel, Environment env) throws IOException {
      String forced = channel.getSession().getAttribute(FORCED);
      ProcessBuilder builder =
          new ProcessBuilder("/bin/sh", "-c", forced.isEmpty() ? asked : forced);
      builder.directory(home.toFile());
      builder.environment().put("HOME", home.toString());
      builder.environment().put("PATH", path);
      builder.environment().remove("JAVA_HOME");
      builder.environment().put("SSH_ORIGINAL_COMMAND", asked);
      process = builder.start();
      Thread outPump = pump(process.getInputStream(), out);
      Thread errPump = pump(process.getErrorStream(), err);
      pump(in, process.getOutputStream());
      Thread end =
          new Thread(
              () -> {
                try {
                  int status = process.waitFor();
                  outPump.join();
                  errPump.join();
                  exit.onExit(status);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      end.setDaemon(true);
      end.start();
    }

    private Thread pump(InputStream from, OutputStream to) {
      Thread pump =
          new Thread(
              () -> {
                byte[] buffer = new byte[8192];
                try (to) {
                  for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    to.write(buffer, 0, n);
                    to.flush();
                  }
                } catch (IOException e) {
                  // The other end is gone, which ends this direction.
                }
              });
      pump.setDaemon(true);
      pump.start();
      return pump;
    }

    @Override
    public void destroy(ChannelSession channel) {
      // As a real sshd: the process sees the end of its input and ends by itself.
    }

    @Override
    public void setInputStream(InputStream stream) {
      in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
      out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
      err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
      exit = callback;
    }
  }
}
