// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.agent.SshAgentKeyConstraint;
import org.apache.sshd.agent.SshAgentServer;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.smon.api.LoginAgent.SignRequest;
import org.smon.api.RefusedException;

/**
 * The ssh client's view of the authentication agent: it knows public keys alone and hands every
 * challenge on, with the proof of the host (paper II-B, R34).
 */
final class RemoteSigner implements SshAgent {
  private final Login login;
  private volatile boolean open = true;

  private RemoteSigner(Login login) {
    this.login = login;
  }

  @Override
  public List<Map.Entry<PublicKey, String>> getIdentities() throws IOException {
    List<Map.Entry<PublicKey, String>> identities = new ArrayList<>();
    for (String line : login.publicKeys) {
      identities.add(new SimpleImmutableEntry<>(parse(line), line));
    }
    return identities;
  }

  @Override
  public Map.Entry<String, byte[]> sign(
      SessionContext session, PublicKey key, String algorithm, byte[] data) throws IOException {
    try {
      login.signedWith = lineOf(key);
      HostProof proof = login.proof;
      byte[] signature =
          login.agent.sign(
              new SignRequest(
                  login.requester,
                  login.machine.name(),
                  login.signedWith,
                  algorithm,
                  data,
                  proof.hostKey(),
                  proof.exchangeHash(),
                  proof.signature()));
      ByteArrayBuffer wire = new ByteArrayBuffer(signature);
      return new SimpleImmutableEntry<>(wire.getString(), wire.getBytes());
    } catch (RefusedException | IOException | RuntimeException e) {
      login.agentFailure = e;
      throw new IOException(e.getMessage(), e);
    }
  }

  static PublicKey parse(String line) throws IOException {
    try {
      return PublicKeyEntry.parsePublicKeyEntry(line).resolvePublicKey(null, null, null);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IOException("the agent offers a public key that cannot be read", e);
    }
  }

  private String lineOf(PublicKey key) throws IOException {
    for (String line : login.publicKeys) {
      if (KeyUtils.compareKeys(key, parse(line))) {
        return line;
      }
    }
    throw new IOException("no such key at the agent");
  }

  @Override
  public KeyPair resolveLocalIdentity(PublicKey key) {
    return null;
  }

  @Override
  public void addIdentity(KeyPair key, String comment, SshAgentKeyConstraint... constraints) {
    throw new UnsupportedOperationException("keys stay with the agent");
  }

  @Override
  public void removeIdentity(PublicKey key) {
    throw new UnsupportedOperationException("keys stay with the agent");
  }

  @Override
  public void removeAllIdentities() {
    throw new UnsupportedOperationException("keys stay with the agent");
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }

  /** Makes the signer of a session's own {@link Login}; forwards no agent anywhere. */
  static final class Factory implements SshAgentFactory {
    @Override
    public List<ChannelFactory> getChannelForwardingFactories(FactoryManager manager) {
      return List.of();
    }

    @Override
    public SshAgent createClient(Session session, FactoryManager manager) {
      return new RemoteSigner(Login.of(((ClientSession) session).getConnectionContext()));
    }

    @Override
    public SshAgentServer createServer(ConnectionService service) {
      throw new UnsupportedOperationException("no agent forwarding");
    }
  }
}
