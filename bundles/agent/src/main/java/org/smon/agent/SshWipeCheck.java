// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
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

/** Tries to log in with the enrolment key alone: a dispatcher that greets means enrolled. */
public final class SshWipeCheck implements WipeCheck, AutoCloseable {
  private static final AttributeKey<String> PIN = new AttributeKey<>();
  private static final String GREETING = "smon 1 dispatch";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final SshClient client;
  private final KeyPair enrolmentKey;

  /** Takes the key that {@link KeyFiles#enrolment} made. */
  public SshWipeCheck(SshKey enrolmentKey) {
    if (!(enrolmentKey instanceof PairKey own)) {
      throw new IllegalArgumentException("the enrolment key is the agent's own");
    }
    this.enrolmentKey = own.pair();
    client = SshClient.setUpDefaultClient();
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    client.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    client.setServerKeyVerifier(
        (session, address, key) -> isPinned(session, HostKeys.fingerprint(key)));
    client.start();
  }

  @Override
  public void requireWiped(Machine machine, String user) throws RefusedException {
    AttributeRepository context = AttributeRepository.ofKeyValuePair(PIN, machine.pin().orElse(""));
    try (ClientSession session =
        client
            .connect(user, machine.name(), machine.sshPort(), context, null)
            .verify(TIMEOUT)
            .getSession()) {
      session.addPublicKeyIdentity(enrolmentKey);
      if (logsIn(session) && dispatcherGreets(session)) {
        throw new RefusedException(
            "machine " + machine.name() + " is enrolled: only the enrolment key is used there");
      }
    } catch (IOException e) {
      throw new RefusedException(
          "whether "
              + machine.name()
              + " was wiped cannot be seen from the agent: "
              + e.getMessage());
    }
  }

  /** False only if the server itself turned the key away; every other failure is thrown. */
  private static boolean logsIn(ClientSession session) throws IOException {
    try {
      session.auth().verify(TIMEOUT);
      return true;
    } catch (SshException e) {
      if (e.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE) {
        return false;
      }
      throw e;
    }
  }

  /**
   * False where the key's line outlived what it names: a removed ~/.smon-peer, or a home shared
   * with a machine that is enrolled. The machine's own word, under its pinned host key.
   */
  private static boolean dispatcherGreets(ClientSession session) throws IOException {
    try (ChannelExec channel = session.createExecChannel("smon")) {
      channel.open().verify(TIMEOUT);
      channel.getInvertedIn().close(); // the dispatcher ends when nobody has a command for it
      channel.waitFor(EnumSet.of(ClientChannelEvent.EOF, ClientChannelEvent.CLOSED), TIMEOUT);
      InputStream said = channel.getInvertedOut();
      byte[] greeting = said.readNBytes(Math.min(said.available(), GREETING.length()));
      return GREETING.equals(new String(greeting, StandardCharsets.US_ASCII));
    }
  }

  private static boolean isPinned(ClientSession session, String fingerprint) {
    String pin = session.getConnectionContext().getAttribute(PIN);
    return pin.isEmpty() || pin.equals(fingerprint);
  }

  @Override
  public void close() {
    client.stop();
  }
}
