// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.apache.sshd.common.util.GenericUtils.isEmpty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.core.CoreModuleProperties;
import org.smon.api.RefusedException;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.ssh.JdkEd25519;

/**
 * Opens ssh sessions: pinned hosts only, keys at the agent only, nothing read from the user's ssh
 * configuration. What costs least CPU comes first: curve25519, ChaCha20. Any thread.
 */
final class SshConnector implements AutoCloseable {
  private static final List<BuiltinSignatures> SIGNATURES =
      List.of(
          BuiltinSignatures.ed25519,
          BuiltinSignatures.nistp256,
          BuiltinSignatures.nistp384,
          BuiltinSignatures.nistp521,
          BuiltinSignatures.rsaSHA512,
          BuiltinSignatures.rsaSHA256);

  /**
   * The order is that of CPU in a peer, whose JVM compiles by C1 alone: 25 MB cost 0.4 s by
   * ChaCha20, 0.7 s by AES-CTR and 1.6 s by AES-GCM, which has no intrinsics there (by C2: 0.5,
   * 0.5, 1.3).
   */
  private static final List<BuiltinCiphers> CIPHERS =
      List.of(
          BuiltinCiphers.cc20p1305_openssh,
          BuiltinCiphers.aes128ctr,
          BuiltinCiphers.aes256ctr,
          BuiltinCiphers.aes128gcm,
          BuiltinCiphers.aes256gcm);

  private final Limits limits;
  private SshClient client;

  SshConnector(Limits limits) {
    this.limits = limits;
  }

  /** A session that is logged in, and what was found out on the way. */
  record Connection(ClientSession session, Login login) {}

  /**
   * Logs in. The pin is a fingerprint and does not tell of which of the server's keys: a server
   * that shows another one is asked for the rest of what it offers before it is refused.
   */
  Connection open(Login login) throws VisitEnd {
    try {
      return new Connection(attempt(login), login);
    } catch (VisitEnd refused) {
      if (refused.step() == Step.HOST_KEY && login.machine.pin().isPresent()) {
        for (String algorithm : login.otherHostKeyAlgorithms) {
          Login other = login.askingFor(algorithm);
          try {
            return new Connection(attempt(other), other);
          } catch (VisitEnd end) {
            if (end.step() != Step.HOST_KEY) {
              throw end;
            }
          }
        }
      }
      throw refused;
    }
  }

  private ClientSession attempt(Login login) throws VisitEnd {
    ClientSession session = connect(login);
    boolean loggedIn = false;
    try {
      awaitHostKey(session, login);
      authenticate(session, login);
      loggedIn = true;
      return session;
    } finally {
      if (!loggedIn) {
        session.close(true);
      }
    }
  }

  private ClientSession connect(Login login) throws VisitEnd {
    InetSocketAddress address =
        new InetSocketAddress(login.machine.name(), login.machine.sshPort());
    if (address.isUnresolved()) {
      throw unreachable("the name " + login.machine.name() + " does not resolve");
    }
    try {
      return client()
          .connect(login.user, address, login.context(), null)
          .verify(limits.connectMillis())
          .getSession();
    } catch (IOException | RuntimeException e) {
      throw unreachable("ssh port " + login.machine.sshPort() + " does not answer: " + cause(e));
    }
  }

  /** Waits for the key exchange, in which the server proves its host key. */
  private void awaitHostKey(ClientSession session, Login login) throws VisitEnd {
    try {
      session.waitFor(
          List.of(
              ClientSession.ClientSessionEvent.WAIT_AUTH, ClientSession.ClientSessionEvent.CLOSED),
          Duration.ofMillis(limits.connectMillis()));
    } catch (RuntimeException e) {
      throw unreachable("ssh does not answer: " + cause(e));
    }
    if (login.shownHostKey != null && !login.hostKeyAccepted) {
      throw new VisitEnd(Outcome.REFUSED, Step.HOST_KEY, hostKeyReason(login));
    }
    if (login.proof == null || !login.hostKeyAccepted) {
      throw unreachable(
          session.isOpen()
              ? "ssh accepts the connection and says nothing"
              : "ssh closed the connection before its host key was seen");
    }
  }

  private static String hostKeyReason(Login login) {
    return login
        .machine
        .pin()
        .map(
            pin ->
                "the host key is %s, the pinned one is %s; if the machine was set up anew: smon machines edit %s --host-key"
                    .formatted(login.shownHostKey, pin, login.machine.name()))
        .orElse(
            "no host key is pinned; smon machines edit "
                + login.machine.name()
                + " --host-key "
                + login.shownHostKey
                + ", if that is its key");
  }

  private void authenticate(ClientSession session, Login login) throws VisitEnd {
    try {
      session.auth().verify(limits.loginMillis());
    } catch (IOException | RuntimeException e) {
      throw loginEnd(login, e);
    }
  }

  private static VisitEnd loginEnd(Login login, Exception e) {
    if (login.agentFailure instanceof RefusedException refused) {
      return new VisitEnd(
          Outcome.REFUSED, Step.AGENT, "the agent refused: " + refused.getMessage());
    }
    if (login.agentFailure != null) {
      return new VisitEnd(
          Outcome.FAILED, Step.AGENT, "the agent failed: " + cause(login.agentFailure));
    }
    return new VisitEnd(
        Outcome.FAILED,
        Step.LOGIN,
        "the machine lets none of the agent's keys in as user %s (%s)"
            .formatted(login.user, cause(e)));
  }

  private static VisitEnd unreachable(String reason) {
    return new VisitEnd(Outcome.UNREACHABLE, Step.CONNECT, reason);
  }

  static String cause(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return isEmpty(message)
        ? deepest.getClass().getSimpleName()
        : message.lines().findFirst().get();
  }

  private static List<String> others(String offered, String shown) {
    List<String> names = List.of(offered.split(","));
    return SIGNATURES.stream()
        .map(BuiltinSignatures::getName)
        .filter(name -> names.contains(name) && !name.equals(shown))
        .filter(name -> !name.equals(BuiltinSignatures.rsaSHA256.getName()) || !rsa(shown, names))
        .toList();
  }

  /** Both RSA algorithms show the same key. */
  private static boolean rsa(String shown, List<String> offered) {
    String sha512 = BuiltinSignatures.rsaSHA512.getName();
    return shown.equals(sha512) || offered.contains(sha512);
  }

  private synchronized SshClient client() {
    if (client == null) {
      JdkEd25519.register();
      client = configured();
      client.start();
    }
    return client;
  }

  private SshClient configured() {
    SshClient ssh = SshClient.setUpDefaultClient();
    ssh.setKeyExchangeFactories(
        NamedFactory.setUpTransformedFactories(
            true,
            List.of(
                BuiltinDHFactories.curve25519,
                BuiltinDHFactories.curve25519_libssh,
                BuiltinDHFactories.ecdhp256,
                BuiltinDHFactories.ecdhp384,
                BuiltinDHFactories.ecdhp521,
                BuiltinDHFactories.dhg14_256,
                BuiltinDHFactories.dhg16_512),
            ClientBuilder.DH2KEX));
    ssh.setCipherFactories(List.copyOf(CIPHERS));
    ssh.setSignatureFactories(signatures(null));
    ssh.setUserAuthFactories(List.of(new UserAuthPublicKeyFactory(signatures(null))));
    ssh.setAgentFactory(new RemoteSigner.Factory());
    ssh.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    ssh.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    ssh.setServerKeyVerifier((session, address, key) -> accepts(session, key));
    ssh.addSessionListener(new HostKeyOrder());
    CoreModuleProperties.IDLE_TIMEOUT.set(ssh, Duration.ofMinutes(15));
    CoreModuleProperties.NIO2_READ_TIMEOUT.set(ssh, Duration.ofMinutes(16));
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(ssh, Duration.ofSeconds(20));
    CoreModuleProperties.CHANNEL_OPEN_TIMEOUT.set(ssh, Duration.ofMillis(limits.loginMillis()));
    CoreModuleProperties.IO_CONNECT_TIMEOUT.set(ssh, Duration.ofMillis(limits.connectMillis()));
    CoreModuleProperties.SOCKET_KEEPALIVE.set(ssh, true);
    CoreModuleProperties.TCP_NODELAY.set(ssh, true);
    return ssh;
  }

  private static boolean accepts(ClientSession session, PublicKey key) {
    String fingerprint = KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    return Login.of(session.getConnectionContext()).accepts(fingerprint);
  }

  private static List<NamedFactory<Signature>> signatures(String only) {
    return HostProof.capturing(
        SIGNATURES.stream()
            .filter(s -> s.isSupported() && (only == null || s.getName().equals(only)))
            .toList());
  }

  /** Before a session says anything: the one kind of host key that a second attempt asks for. */
  private static final class HostKeyOrder implements SessionListener {
    @Override
    public void sessionCreated(Session session) {
      String only = Login.of(((ClientSession) session).getConnectionContext()).hostKeyAlgorithm;
      if (only != null) {
        session.setSignatureFactories(signatures(only));
      }
    }

    @Override
    public void sessionNegotiationEnd(
        Session session,
        Map<KexProposalOption, String> clientProposal,
        Map<KexProposalOption, String> serverProposal,
        Map<KexProposalOption, String> negotiated,
        Throwable reason) {
      Login login = Login.of(((ClientSession) session).getConnectionContext());
      if (login.proof == null) {
        login.otherHostKeyAlgorithms =
            others(
                serverProposal.getOrDefault(KexProposalOption.SERVERKEYS, ""),
                negotiated.getOrDefault(KexProposalOption.SERVERKEYS, ""));
      }
    }
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.stop();
      client = null;
    }
  }
}
