// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.smon.api.AgentAddress;
import org.smon.api.DocumentType;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Settings;
import org.smon.client.AgentIdentity;
import org.smon.client.ClientHome;
import org.smon.client.Console;
import org.smon.client.Deployment;
import org.smon.client.Distribution;
import org.smon.client.ExitStatus;
import org.smon.client.FailedException;
import org.smon.client.NewOverlay;
import org.smon.wire.StatusAnswer;

/** A demo from nothing to all machines online: what an operator would do by hand. */
final class DemoStart {
  private final DemoDirectory directory;
  private final DemoPlan plan;
  private final Console console;

  DemoStart(DemoDirectory directory, DemoPlan plan, Console console) {
    this.directory = directory;
    this.plan = plan;
    this.console = console;
  }

  /** Blocks until all are online; the exit status. */
  int run(int timeoutSeconds) throws IOException {
    check();
    directory.create(plan);
    ClientHome home = prepare();
    StatusAnswer status = Deployment.viaAgents(home, console, timeoutSeconds).run(null);
    console.result(status);
    tellWhatNext();
    return ExitStatus.DONE;
  }

  /** All that comes before the deployment; what fails here leaves nothing behind. */
  private ClientHome prepare() throws IOException {
    try {
      say(
          "starting %d machines, %s to %s, with %s ssh servers",
          plan.machines().size(), plan.machines().get(0), last(), plan.ssh());
      List<Machine> machines = makeMachines();
      say("making an overlay and its agent in %s", directory.clientHome());
      ClientHome home = makeHome(machines);
      DemoAgent agent = DemoAgent.start(directory, plan);
      startServers(SshServers.of(directory, plan)); // while the agent's JVM comes up
      agent.awaitAnswer(home);
      return home;
    } catch (IOException | RuntimeException e) {
      RunningDemo.stop(directory);
      throw e;
    }
  }

  private String last() {
    return plan.machines().get(plan.machines().size() - 1);
  }

  private void check() {
    if (directory.running()) {
      throw new FailedException(
          "a demo runs already in " + directory.root() + "; end it first: smon demo stop");
    }
    if (plan.ssh() == DemoPlan.Ssh.openssh) {
      OpensshServers.sshd();
    }
    for (String machine : plan.machines()) {
      FreePort.require(machine, plan.sshPort());
      FreePort.require(machine, plan.gossipPort());
    }
  }

  /** Keys and homes; nothing runs yet. */
  List<Machine> makeMachines() throws IOException {
    SshKeys.generate(directory.userKey(), "smon-demo");
    List<Machine> machines = new ArrayList<>();
    for (String name : plan.machines()) {
      Files.createDirectories(directory.sshOf(name));
      String fingerprint = SshKeys.generate(directory.hostKey(name), name);
      RunningDemo.makeHome(directory, name);
      machines.add(new Machine(name, null, plan.sshPort(), fingerprint, List.of()));
    }
    return machines;
  }

  void startServers(SshServers servers) throws IOException {
    for (String name : plan.machines()) {
      servers.start(name);
    }
  }

  private ClientHome makeHome(List<Machine> machines) throws IOException {
    ClientHome home =
        ClientHome.create(
            directory.clientHome(), new NewOverlay("demo", plan.gossipPort(), plan.user()));
    AgentAddress agent = AgentIdentity.of(home).at(DemoAgent.ADDRESS, plan.agentPort());
    // The demo's machines share one user's crontab with all else that runs here.
    Settings settings = home.documents().settings().withAgents(List.of(agent)).withAutostart(false);
    home.sign(DocumentType.SETTINGS, settings.body());
    home.sign(DocumentType.LIST, new MachineList(machines, List.of()).body());
    home.release(Distribution.here());
    return home;
  }

  private void tellWhatNext() {
    String first = plan.machines().get(0);
    String last = last();
    console.say("\nTry next:\n  export SMON_HOME=" + quoted(directory.clientHome()));
    hint("smon status --watch", "what the overlay sees");
    hint("smon shell " + first + " -- smon:status", "the same from inside a peer");
    hint("smon demo crash " + last, "its power is cut");
    hint("smon demo reboot " + last, "it is back, and its fellows start its peer again");
    hint("smon why " + last, "what happened, and why");
    hint("smon demo upgrade", "the next release of SMON itself spreads live");
    hint("smon demo stop", "end it all");
  }

  private void hint(String command, String meaning) {
    console.say("  %-38s %s".formatted(command, meaning));
  }

  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9/._-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private void say(String format, Object... values) {
    console.say(format.formatted(values));
  }
}
