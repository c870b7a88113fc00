// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.smon.api.Deployer;
import org.smon.api.DocumentType;
import org.smon.api.LoginAgent;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Names;
import org.smon.api.RefusedException;
import org.smon.deployer.SshDeployer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon purge}. */
@Command(
    name = "purge",
    description = {
      "Removes every trace of the overlay from the machines, for good; asks first.",
      "Peers and applications, files, starts at boot, the enrolment's keys. What cannot be reached",
      "now is cleaned by the next run. This home stays: `smon deploy` begins anew."
    })
final class PurgeCommand implements Callable<Integer> {
  @Mixin private AgentOptions agents;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description =
          "only these, which were removed from the list before (default: all of the list)")
  private List<String> names = List.of();

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "how long to try those that cannot be reached (default: ${DEFAULT-VALUE})")
  private int timeoutSeconds;

  @Spec private CommandSpec spec;

  /**
   * The JSON of this verb.
   *
   * @param left why a machine is not clean, by its name
   */
  record Purged(List<String> cleaned, Map<String, String> left) {}

  @Override
  public Integer call() throws IOException, RefusedException {
    agents.check(spec);
    ClientHome home = Smon.of(spec).home();
    Console console = Smon.of(spec).console();
    PurgeOrder order = PurgeOrder.of(home);
    List<Machine> machines = names.isEmpty() ? order.machines() : removed(home);
    if (machines.isEmpty()) {
      throw new FailedException("the machine list is empty; there is nothing to remove");
    }
    if (!yes && !confirmed(console, machines.size())) {
      throw new FailedException("nothing was removed; say y, or --yes, if you mean it");
    }
    LoginAgent agent = agents.chosen(home, console, Smon.of(spec).surroundings());
    requireAgent(agent, home, machines.get(0));
    if (names.isEmpty()) {
      order.sign();
      tellPeers(home, Smon.of(spec).surroundings());
    }
    Deployer deployer =
        new SshDeployer(home.documents(), home.blobs(), home.channel(), agent, home.events());
    Purge purge = new Purge(console, deployer, timeoutSeconds);
    Map<String, String> left = purge.run(machines);
    if (names.isEmpty()) {
      order.keep(left.keySet());
    }
    List<String> cleaned =
        machines.stream().map(Machine::name).filter(name -> !left.containsKey(name)).toList();
    console.result(new Purged(cleaned, left));
    tell(console, cleaned.size(), left);
    return left.isEmpty() ? ExitStatus.DONE : ExitStatus.NOT_CONVERGED;
  }

  /** Before anything is signed: without an agent no machine could be looked at. */
  private static void requireAgent(LoginAgent agent, ClientHome home, Machine any) {
    try {
      agent.permit(new LoginRequest("client", any.name(), home.documents().versions()));
    } catch (RefusedException e) {
      return; // an agent answers; what it refuses is told machine by machine
    } catch (IOException e) {
      throw new FailedException(
          "nothing was removed: the agent gives no permission: " + e.getMessage(), e);
    }
  }

  /**
   * So that they leave by themselves, and heal nobody meanwhile. Whoever is silent is visited, so
   * what is said of an edit of the list is not said here.
   */
  private static void tellPeers(ClientHome home, Surroundings surroundings) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Surroundings quiet =
        new Surroundings(surroundings.in(), nowhere, nowhere, surroundings.env(), false);
    try {
      new Publication(home, new Console(quiet, false)).publish(DocumentType.LIST);
    } catch (OlderException e) {
      throw e; // somebody else edits the list
    } catch (FailedException e) {
      return; // told machine by machine, by the visits
    } finally {
      home.unacknowledged().remove(DocumentType.LIST);
    }
  }

  /** What is left of those that were not there when they were removed. */
  private List<Machine> removed(ClientHome home) {
    MachineList list = home.documents().list();
    List<Machine> removed =
        list.removed().stream().filter(machine -> names.contains(machine.name())).toList();
    for (String name : names) {
      if (removed.stream().noneMatch(machine -> machine.name().equals(name))) {
        throw new FailedException(
            list.contains(name)
                ? "machine " + name + " is in the list; first: smon machines remove " + name
                : "machine " + Names.quote(name) + " was never in the list");
      }
    }
    return removed;
  }

  private static boolean confirmed(Console console, int machines) {
    return console.confirm(
        "remove the overlay, its applications and all their data from %d %s, for good?"
            .formatted(machines, machines == 1 ? "machine" : "machines"));
  }

  private static void tell(Console console, int cleaned, Map<String, String> left) {
    console.say(
        "no trace of the overlay is left on %d %s"
            .formatted(cleaned, cleaned == 1 ? "machine" : "machines"));
    if (!left.isEmpty()) {
      Table table = new Table("NOT CLEAN", "REASON");
      left.forEach(table::row);
      table.print(console.people());
      console.note(
          "smon: run `smon purge` again when they can be reached; a peer that comes back there"
              + " removes itself once an agent tells it");
    }
  }
}
