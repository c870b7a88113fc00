// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.smon.api.Machine;
import org.smon.api.RefusedException;
import org.smon.ssh.HostKeys;
import org.smon.ssh.JdkEd25519;

/** Logs in by password and adds one line to {@code authorized_keys}, if its key is not there. */
public final class SshKeyInstaller implements KeyInstaller, AutoCloseable {
  private static final AttributeKey<String> PIN = new AttributeKey<>();
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration LOGIN = Duration.ofSeconds(15);
  private static final String DONE = "smon ok";

  /**
   * Not a word of it is data: the line comes on stdin. What it makes is noted where the dispatcher
   * that cleans the machine one day looks for it; the line itself is told by its comment.
   */
  private static final String COMMAND =
      "exec sh -c '"
          + "umask 077; peers=$HOME/.smon-peer; keys=$HOME/.ssh/authorized_keys; "
          + "made() { mkdir -p \"$peers\" && printf \"%s\\n\" \"$1\" >>\"$peers/made\"; }; "
          + "IFS= read -r line || exit 1; "
          + "[ -d \"$HOME/.ssh\" ] || { mkdir \"$HOME/.ssh\" && made \"$HOME/.ssh\"; } || exit 1; "
          + "[ -e \"$keys\" ] || { printf \"\" >\"$keys\" && made \"$keys\"; } || exit 1; "
          + "blob=${line#* }; blob=${blob%% *}; "
          + "if ! grep -q -F -e \"$blob\" \"$keys\"; then "
          + "[ -z \"$(tail -c 1 \"$keys\")\" ] || echo >>\"$keys\"; "
          + "printf \"%s\\n\" \"$line\" >>\"$keys\" || exit 1; fi; "
          + "echo "
          + DONE
          + "' smon-key";

  private final SshClient client;
  private final String line;

  /**
   * @param key what the machines are to know
   * @param overlay its id, so that the line can be told from all others
   */
  public SshKeyInstaller(SshKey key, String overlay) {
    JdkEd25519.register();
    String[] word = key.publicLine().split(" ");
    line = word[0] + " " + word[1] + " smon-password-" + overlay.substring(0, 16) + "\n";
    client = SshClient.setUpDefaultClient();
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    client.setUserAuthFactories(
        List.of(UserAuthPasswordFactory.INSTANCE, UserAuthKeyboardInteractiveFactory.INSTANCE));
    client.setServerKeyVerifier(
        (session, address, shown) ->
            HostKeys.fingerprint(shown).equals(session.getConnectionContext().getAttribute(PIN)));
    client.start();
  }

  @Override
  public void install(Machine machine, String user, String password)
      throws RefusedException, IOException {
    AttributeRepository pin =
        AttributeRepository.ofKeyValuePair(PIN, machine.pin().orElseThrow(IOException::new));
    try (ClientSession session =
        client
            .connect(user, machine.name(), machine.sshPort(), pin, null)
            .verify(CONNECT)
            .getSession()) {
      session.addPasswordIdentity(password);
      logIn(session, machine.name(), user);
      if (!takesTheKey(session)) {
        throw new RefusedException(machine.name() + " cannot keep a public key of " + user);
      }
    }
  }

  private static void logIn(ClientSession session, String machine, String user)
      throws RefusedException, IOException {
    try {
      session.auth().verify(LOGIN);
    } catch (SshException e) {
      if (e.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE) {
        throw new RefusedException(
            machine + " does not take the password of " + user + " in the password file");
      }
      throw e;
    }
  }

  private boolean takesTheKey(ClientSession session) throws IOException {
    try (ChannelExec channel = session.createExecChannel(COMMAND)) {
      channel.open().verify(CONNECT);
      try (OutputStream in = channel.getInvertedIn()) {
        in.write(line.getBytes(StandardCharsets.US_ASCII));
      }
      channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), LOGIN);
      byte[] said =
          channel.getInvertedOut().readNBytes(Math.min(channel.getInvertedOut().available(), 1024));
      return new String(said, StandardCharsets.US_ASCII).contains(DONE);
    }
  }

  @Override
  public void close() {
    client.stop();
  }
}
