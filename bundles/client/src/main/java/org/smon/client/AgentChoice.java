// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.List;
import org.smon.agent.FirstUse;
import org.smon.agent.SshKey;
import org.smon.api.AgentAddress;
import org.smon.api.LoginAgent;
import org.smon.api.Machine;
import org.smon.api.RefusedException;
import org.smon.deployer.RemoteAgents;

/** Which authentication agent a deployment uses; peers learn of it from the signed settings. */
final class AgentChoice {
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
    AgentAddress agent = AgentsCommand.identify(home, address);
    List<AgentAddress> agents = home.documents().settings().agents();
    if (!agents.contains(agent)) {
      List<AgentAddress> more = new java.util.ArrayList<>(List.of(agent));
      agents.stream().filter(a -> !a.address().equals(agent.address())).forEach(more::add);
      AgentsCommand.sign(home, console, more);
    }
    return ofSettings();
  }

  /** One in this process, for as long as this verb runs. */
  LoginAgent inProcess(List<SshKey> keys) throws IOException {
    Machine first = home.documents().list().machines().get(0);
    RunningAgent agent =
        RunningAgent.start(
            home, keys, FirstUse.NEVER, null, 0, home.agentDirectory().resolve("audit.jsonl"));
    AgentAddress address = agent.identity().at(addressTowards(first), agent.port());
    AgentsCommand.sign(home, console, List.of(address));
    console.note(
        "smon: no agent is named; one runs at "
            + address.address()
            + " until this command ends. Healing needs one that stays: smon agent --key FILE");
    return agent.policy();
  }

  /** The address by which that machine would see us; nothing is sent. */
  private static String addressTowards(Machine machine) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(machine.name(), machine.sshPort()));
      return socket.getLocalAddress().getHostAddress();
    }
  }
}
