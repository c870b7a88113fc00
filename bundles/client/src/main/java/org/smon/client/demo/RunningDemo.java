// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.smon.client.FailedException;
import org.smon.client.FileTrees;
import org.smon.client.Surroundings;

/** What can be done to a demo that is there. */
final class RunningDemo {
  private final DemoDirectory directory;
  private final DemoPlan plan;
  private final SshServers servers;

  RunningDemo(DemoDirectory directory, DemoPlan plan, SshServers servers) {
    this.directory = directory;
    this.plan = plan;
    this.servers = servers;
  }

  /** One line if there is none. */
  static RunningDemo at(DemoDirectory directory) {
    DemoPlan plan = directory.plan();
    if (!directory.running()) {
      throw new FailedException(
          "the demo in " + directory.root() + " does not run; start one: smon demo");
    }
    return new RunningDemo(directory, plan, SshServers.of(directory, plan));
  }

  /** The port is closed first, so that nothing new comes in while the rest is being killed. */
  String crash(String machine) throws IOException {
    requireMachine(machine);
    servers.stop(machine);
    Path home = directory.machine(machine);
    int killed = DemoProcesses.kill(() -> DemoProcesses.ofMachine(home));
    return machine + " has crashed: " + killed + " processes killed, its ssh server is down";
  }

  String reboot(String machine) throws IOException {
    requireMachine(machine);
    servers.start(machine);
    return machine + " is back: its ssh server answers";
  }

  String wipe(String machine) throws IOException {
    crash(machine);
    FileTrees.delete(directory.machine(machine));
    makeHome(directory, machine);
    return machine + " has crashed and lost its files; bring it back: smon demo reboot " + machine;
  }

  /** The exit status of the command. */
  int exec(String machine, String command, Surroundings surroundings) throws IOException {
    requireMachine(machine);
    return new MachineLogin(machine, plan.sshPort(), plan.user(), directory.userKey())
        .run(command, surroundings);
  }

  /** Ends whatever is left of a demo, a half-started one too. */
  static String stop(DemoDirectory directory) throws IOException {
    if (!directory.exists()) {
      throw new FailedException("there is no demo in " + directory.root());
    }
    int killed = DemoProcesses.kill(() -> DemoProcesses.ofDemo(directory.root()));
    directory.delete();
    return "demo ended: " + killed + " processes killed, " + directory.root() + " removed";
  }

  /** An empty home whose owner has the demo's key: what a new machine looks like. */
  static void makeHome(DemoDirectory directory, String machine) throws IOException {
    Path ssh = directory.machine(machine).resolve(".ssh");
    Files.createDirectories(ssh);
    Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwx------"));
    Path authorized = ssh.resolve("authorized_keys");
    Files.copy(SshKeys.publicFile(directory.userKey()), authorized);
    Files.setPosixFilePermissions(authorized, PosixFilePermissions.fromString("rw-------"));
  }

  private void requireMachine(String machine) {
    if (!plan.machines().contains(machine)) {
      throw new FailedException(
          "the demo has no machine "
              + org.smon.api.Names.quote(machine)
              + "; it has "
              + plan.machines().get(0)
              + " to "
              + plan.machines().get(plan.machines().size() - 1));
    }
  }
}
