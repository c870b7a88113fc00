// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.io.output.NoCloseOutputStream;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.smon.client.FailedException;
import org.smon.client.SshFailure;
import org.smon.client.Surroundings;
import org.smon.ssh.JdkEd25519;

/** A login of the demo's user to one of its machines, as a person would do it by ssh. */
final class MachineLogin {
  private static final int LOGIN_SECONDS = 10;

  private final String machine;
  private final int port;
  private final String user;
  private final Path key;

  MachineLogin(String machine, int port, String user, Path key) {
    this.machine = machine;
    this.port = port;
    this.user = user;
    this.key = key;
  }

  /** Blocks until the command ends; its exit status. */
  int run(String command, Surroundings surroundings) throws IOException {
    JdkEd25519.register();
    try (SshClient client = SshClient.setUpDefaultClient()) {
      client.setServerKeyVerifier((session, address, hostKey) -> true); // our own, on loopback
      client.start();
      try (ClientSession session = login(client);
          ChannelExec channel = session.createExecChannel(command)) {
        channel.setOut(new NoCloseOutputStream(surroundings.out()));
        channel.setErr(new NoCloseOutputStream(surroundings.err()));
        channel.open().verify(LOGIN_SECONDS, TimeUnit.SECONDS);
        channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), 0L);
        Integer status = channel.getExitStatus();
        return status == null ? 255 : status;
      }
    }
  }

  private ClientSession login(SshClient client) throws IOException {
    try {
      ClientSession session =
          client.connect(user, machine, port).verify(LOGIN_SECONDS, TimeUnit.SECONDS).getSession();
      SecurityUtils.getKeyPairResourceParser()
          .loadKeyPairs(null, key, null)
          .forEach(session::addPublicKeyIdentity);
      session.auth().verify(LOGIN_SECONDS, TimeUnit.SECONDS);
      return session;
    } catch (SshException e) {
      throw new FailedException(
          "the ssh server of " + machine + " does not let us in: " + SshFailure.told(e), e);
    } catch (GeneralSecurityException e) {
      throw new IOException("key " + key + " cannot be read", e);
    }
  }
}
