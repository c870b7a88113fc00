// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.smon.api.AgentAddress;
import org.smon.api.DocumentType;
import org.smon.api.RefusedException;
import org.smon.api.Settings;
import org.smon.wire.AgentApi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon agents}: where the authentication agents are (R36). */
@Command(
    name = "agents",
    description = "Names the authentication agents in the signed settings.",
    synopsisSubcommandLabel = "set",
    subcommands = AgentsCommand.Set.class)
final class AgentsCommand implements Runnable {
  private static final int PATIENCE_MILLIS = 5_000;

  @Spec private CommandSpec spec;

  /** The JSON of this verb. */
  record Agents(List<AgentAddress> agents) {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name set");
  }

  /** Asks the agent who it is: K_E proves the channel, the operator's signature the role. */
  static AgentAddress identify(ClientHome home, HostPort address) throws RefusedException {
    try {
      AgentApi.Identity identity =
          home.connections()
              .agent(address.host(), address.port(), null, PATIENCE_MILLIS)
              .identity();
      return new AgentAddress(
          address.host(), address.port(), identity.publicKey(), identity.enrolmentKey());
    } catch (UncheckedIOException e) {
      throw new FailedException(
          "no agent of this overlay answers at "
              + address
              + " ("
              + Main.told(e)
              + "); start one there: smon agent --key FILE --listen "
              + address,
          e);
    }
  }

  /** Signs settings with these agents; false if they stand there already. */
  static boolean sign(ClientHome home, List<AgentAddress> agents) {
    Settings settings = home.documents().settings();
    if (settings.agents().equals(agents)) {
      return false;
    }
    home.sign(DocumentType.SETTINGS, settings.withAgents(agents).body());
    return true;
  }

  /** {@code smon agents set}. */
  @Command(
      name = "set",
      description = {
        "Names these agents, and no others, in the signed settings; asks each for its public key.",
        "A DNS name may stand for several agents that share a key."
      })
  static final class Set implements Callable<Integer> {
    @Parameters(
        arity = "1..*",
        paramLabel = "ADDR:PORT",
        converter = HostPort.Converter.class,
        description = "where an agent listens")
    private List<HostPort> addresses;

    @Mixin private AcknowledgeOptions acknowledge;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws RefusedException {
      ClientHome home = Smon.of(spec).home();
      Console console = Smon.of(spec).console();
      List<AgentAddress> agents = new java.util.ArrayList<>();
      for (HostPort address : addresses) {
        agents.add(identify(home, address));
      }
      new Newest(home, console).fetch(DocumentType.SETTINGS);
      if (sign(home, agents)) {
        new Publication(home, console)
            .acknowledge(DocumentType.SETTINGS, acknowledge.timeoutSeconds);
      }
      console.result(new Agents(agents));
      console.say(
          "agents: " + String.join(", ", agents.stream().map(AgentAddress::address).toList()));
      return ExitStatus.DONE;
    }
  }
}
