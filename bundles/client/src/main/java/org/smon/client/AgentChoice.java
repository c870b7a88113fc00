// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.smon.agent.FirstUse;
import org.smon.agent.SshKey;
import org.smon.api.AgentAddress;
import org.smon.api.DocumentType;
import org.smon.api.LoginAgent;
import org.smon.api.Machine;
import org.smon.api.RefusedException;
import org.smon.deployer.RemoteAgents;

/** Which authentication agent a deployment uses; peers learn of it from the signed settings. */
final class AgentChoice {
  private static final int PATIENCE_MILLIS = 3_000;

  private final ClientHome home;
  private final Console console;

  AgentChoice(ClientHome home, Console console) {
    this.home = home;
    this.console = console;
  }

  /** The agents that the settings name. */
  LoginAgent ofSettings() {
    return new RemoteAgents(home.documents(), home.connections());
  }

  /** One that the user names; it is put into the settings beside those that stand there. */
  LoginAgent named(HostPort address) throws RefusedException {
    putIntoSettings(AgentsCommand.identify(home, address));
    return ofSettings();
  }

  /** True if any agent of the settings answers. */
  boolean anyAnswers() {
    return home.documents().settings().agents().stream().anyMatch(this::answers);
  }

  /** True if all that the settings name is what an earlier deployment ran in its own process. */
  boolean onlyOurs() throws IOException {
    String key = AgentIdentity.of(home).tls().publicText();
    return home.documents().settings().agents().stream().allMatch(a -> a.publicKey().equals(key));
  }

  /** One in this process, for as long as this verb runs. */
  LoginAgent inProcess(List<SshKey> keys, PasswordOptions passwords) throws IOException {
    RunningAgent agent =
        RunningAgent.start(
            home,
            keys,
            passwords,
            FirstUse.NEVER,
            null,
            0,
            home.agentDirectory().resolve("audit.jsonl"));
    AgentAddress address =
        agent.identity().at(address(home.documents().list().machines()), agent.port());
    putIntoSettings(address);
    console.note(
        "smon: an agent runs at "
            + address.address()
            + " until this command ends. Healing needs one that stays: smon agent --key FILE");
    return agent.policy();
  }

  /** First, and instead of any other address of the same agent. */
  private void putIntoSettings(AgentAddress agent) {
    List<AgentAddress> agents = new ArrayList<>(List.of(agent));
    home.documents().settings().agents().stream()
        .filter(a -> !a.publicKey().equals(agent.publicKey()))
        .forEach(agents::add);
    if (AgentsCommand.sign(home, agents)) {
      new Publication(home, console).publish(DocumentType.SETTINGS);
    }
  }

  private boolean answers(AgentAddress agent) {
    try {
      home.connections()
          .agent(agent.host(), agent.port(), agent.publicKey(), PATIENCE_MILLIS)
          .identity();
      return true;
    } catch (UncheckedIOException | RefusedException e) {
      return false;
    }
  }

  /** The address by which the machines would see us; nothing is sent. */
  private static String address(List<Machine> machines) throws IOException {
    for (Machine machine : machines) {
      InetSocketAddress there = new InetSocketAddress(machine.name(), machine.sshPort());
      if (!there.isUnresolved()) {
        try (DatagramSocket socket = new DatagramSocket()) {
          socket.connect(there);
          return socket.getLocalAddress().getHostAddress();
        }
      }
    }
    return "127.0.0.1"; // nobody can be reached anyway; the visits say of each machine why
  }
}
