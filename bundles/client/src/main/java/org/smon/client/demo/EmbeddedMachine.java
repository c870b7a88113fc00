// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.loader.KeyPairResourceLoader;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.smon.ssh.JdkEd25519;

/**
 * A machine of the demo: an ssh server in this process with an address, a host key and a home of
 * its own; what it runs are real processes. Logins by public key against the home's {@code
 * .ssh/authorized_keys}, {@code command="..."} honoured. Any thread.
 */
public final class EmbeddedMachine implements AutoCloseable {
  private static final AttributeKey<AuthorizedKeys.Entry> LOGIN = new AttributeKey<>();

  private final InetSocketAddress address;
  private final String user;
  private final Path home;
  private final Path hostKey;
  private final Map<String, String> environment;
  private SshServer server;

  /**
   * @param user the only one who may log in
   * @param hostKey an OpenSSH private key file
   * @param environment what every process of this machine gets, besides HOME and the like
   */
  public EmbeddedMachine(
      InetSocketAddress address,
      String user,
      Path home,
      Path hostKey,
      Map<String, String> environment) {
    this.address = address;
    this.user = user;
    this.home = home;
    this.hostKey = hostKey;
    this.environment = Map.copyOf(environment);
  }

  /** Opens the port; does nothing if it is open. */
  public synchronized void start() throws IOException {
    if (server != null) {
      return;
    }
    JdkEd25519.register();
    SshServer next = SshServer.setUpDefaultServer();
    next.setHost(address.getHostString());
    next.setPort(address.getPort());
    next.setKeyPairProvider(KeyPairProvider.wrap(readHostKey()));
    next.setPublickeyAuthenticator((name, key, session) -> authenticate(name, key, session));
    next.setCommandFactory(this::command);
    next.setShellFactory(channel -> command(channel, null));
    CoreModuleProperties.MAX_CONCURRENT_SESSIONS.set(next, 64);
    next.start();
    server = next;
  }

  /** The port in use, which matters when the address said 0. */
  public synchronized int port() {
    return server.getPort();
  }

  /** Closes the port and cuts all connections, as a machine that loses power. */
  @Override
  public synchronized void close() throws IOException {
    if (server != null) {
      server.stop(true);
      server = null;
    }
  }

  private Iterable<KeyPair> readHostKey() throws IOException {
    KeyPairResourceLoader loader = SecurityUtils.getKeyPairResourceParser();
    try {
      return loader.loadKeyPairs(null, hostKey, null);
    } catch (GeneralSecurityException e) {
      throw new IOException("host key " + hostKey + " cannot be read", e);
    }
  }

  /** Called for the offer of a key and again for its proof, so the last one counts. */
  private boolean authenticate(String name, PublicKey key, ServerSession session) {
    try {
      var entry = AuthorizedKeys.read(home.resolve(".ssh/authorized_keys")).find(key);
      entry.ifPresent(found -> session.setAttribute(LOGIN, found));
      return name.equals(user) && entry.isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  private Command command(ChannelSession channel, String asked) {
    String forced = channel.getServerSession().getAttribute(LOGIN).command();
    Map<String, String> all = new HashMap<>(environment);
    all.put("HOME", home.toString());
    all.put("USER", user);
    all.put("LOGNAME", user);
    all.put("SHELL", "/bin/sh");
    if (forced != null && asked != null) {
      all.put("SSH_ORIGINAL_COMMAND", asked);
    }
    String line = forced != null ? forced : asked;
    List<String> argv = line == null ? List.of("/bin/sh") : List.of("/bin/sh", "-c", line);
    return new ProcessCommand(argv, home, all);
  }
}
