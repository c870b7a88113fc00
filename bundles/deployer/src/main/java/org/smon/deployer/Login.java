// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.util.List;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.smon.api.LoginAgent;
import org.smon.api.Machine;

/**
 * One attempt to log in: what it needs, and what it found out. Travels with the ssh session as its
 * connection context; the ssh library's threads fill it, the visit's thread reads it.
 */
final class Login {
  private static final AttributeKey<Login> KEY = new AttributeKey<>();

  final LoginAgent agent;
  final String requester;
  final Machine machine;
  final String user;
  final List<String> publicKeys;

  /** To try after the keys, at a pinned host alone; or null. */
  final String password;

  final boolean allowFirstUse;

  /** The one signature algorithm to accept of the server, or null for the usual order. */
  final String hostKeyAlgorithm;

  /** Fingerprint of the host key the server showed. */
  volatile String shownHostKey;

  volatile boolean hostKeyAccepted;

  /** What the server offers beside the host key it showed; the pin may be one of those. */
  volatile List<String> otherHostKeyAlgorithms = List.of();

  volatile HostProof proof;

  /** The public key line the agent signed with last. */
  volatile String signedWith;

  /** What the agent threw instead of signing. */
  volatile Exception agentFailure;

  Login(
      LoginAgent agent,
      String requester,
      Machine machine,
      String user,
      List<String> publicKeys,
      String password,
      boolean allowFirstUse,
      String hostKeyAlgorithm) {
    this.agent = agent;
    this.requester = requester;
    this.machine = machine;
    this.user = user;
    this.publicKeys = List.copyOf(publicKeys);
    this.password = machine.pin().isPresent() ? password : null;
    this.allowFirstUse = allowFirstUse;
    this.hostKeyAlgorithm = hostKeyAlgorithm;
  }

  /** The same login, insisting on one kind of host key. */
  Login askingFor(String algorithm) {
    return new Login(
        agent, requester, machine, user, publicKeys, password, allowFirstUse, algorithm);
  }

  AttributeRepository context() {
    return AttributeRepository.ofKeyValuePair(KEY, this);
  }

  static Login of(AttributeRepository context) {
    return context.getAttribute(KEY);
  }

  /** True if this is the pinned key, or there is no pin and first contact is allowed. */
  boolean accepts(String fingerprint) {
    shownHostKey = fingerprint;
    hostKeyAccepted = machine.pin().map(fingerprint::equals).orElse(allowFirstUse);
    return hostKeyAccepted;
  }
}
