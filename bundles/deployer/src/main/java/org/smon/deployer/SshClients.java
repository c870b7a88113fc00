// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractive;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
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

/**
 * Makes the ssh client: keys at the agent only, nothing read from the user's ssh configuration, and
 * first what costs least CPU: curve25519, ChaCha20.
 */
final class SshClients {
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

  private SshClients() {}

  static SshClient of(Limits limits) {
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
    ssh.setUserAuthFactories(
        List.of(
            new UserAuthPublicKeyFactory(signatures(null)),
            UserAuthPasswordFactory.INSTANCE,
            new PromptedPassword()));
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

  /** How PAM asks for a password; asked for only if there is one, for a server counts attempts. */
  private static final class PromptedPassword extends UserAuthKeyboardInteractiveFactory {
    @Override
    public UserAuthKeyboardInteractive createUserAuth(ClientSession login) throws IOException {
      return new UserAuthKeyboardInteractive() {
        @Override
        protected boolean sendAuthDataRequest(ClientSession session, String service)
            throws Exception {
          return Login.of(session.getConnectionContext()).password != null
              && super.sendAuthDataRequest(session, service);
        }
      };
    }
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
}
