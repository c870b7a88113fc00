// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.apache.sshd.common.util.GenericUtils.isEmpty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.smon.api.RefusedException;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.ssh.JdkEd25519;

/**
 * Opens ssh sessions: pinned hosts only, keys at the agent only, nothing read from the user's ssh
 * configuration. What costs least CPU comes first: curve25519, ChaCha20. Any thread.
 */
final class SshConnector implements AutoCloseable {
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
      if (login.password != null) {
        session.addPasswordIdentity(login.password);
      }
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
        "the machine lets none of the agent's keys%s in as user %s (%s)"
            .formatted(login.password == null ? "" : ", nor its password,", login.user, cause(e)));
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

  private synchronized SshClient client() {
    if (client == null) {
      JdkEd25519.register();
      client = SshClients.of(limits);
      client.start();
    }
    return client;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.stop();
      client = null;
    }
  }
}
