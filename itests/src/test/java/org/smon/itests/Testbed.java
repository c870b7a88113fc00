// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.smon.wire.Json;
import org.smon.wire.MachineStatus;
import org.smon.wire.StatusAnswer;

/**
 * Machines made by {@code testbed/testbed}, with the operator's client and agent in a place of
 * their own. Calls block, bounded.
 */
final class Testbed implements AutoCloseable {
  static final String USER = "ops";

  /** The address of the client and the agent. */
  static final String OPERATOR = "10.99.0.254";

  private static final String AGENT = "operator:7601"; // 0x1DB1
  private static final int DEPLOY_SECONDS = 240;
  private static final String PASSWORD = "correct-horse";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  final List<String> machines;
  final TestbedProcesses processes;
  final TestbedDisks disks;

  /** The program, run at the operator's place. */
  final Smon smon;

  private final TestbedScript script;

  private Testbed(Path temp, int count) throws IOException {
    script = TestbedScript.in(temp);
    machines = IntStream.rangeClosed(1, count).mapToObj(i -> "m" + i).toList();
    processes = new TestbedProcesses(script.name(), machines);
    disks = new TestbedDisks(script.state());
    smon = new Smon(temp, operatorHome().resolve(".smon"), script.atOperator());
    run("down"); // what a killed run may have left
    run("up", count);
  }

  /** Machines without any overlay. */
  static Testbed up(Path temp, int machines) throws IOException {
    return new Testbed(temp, machines);
  }

  /** The same with an overlay on all of them, and an agent that stays. */
  static Testbed deployed(Path temp, int machines) throws IOException {
    Testbed bed = up(temp, machines);
    try {
      bed.deploy();
      return bed;
    } catch (Throwable e) { // a failed assertion as well: nobody else could end what runs by now
      bed.close();
      throw e;
    }
  }

  /** Makes an overlay of all machines, with an agent that stays and has these options too. */
  void deploy(Object... agentOptions) throws IOException {
    smon.run("init", "--name", "testbed").done();
    smon.run("machines", "set", operatorHome().resolve("machines")).done();
    startAgent(agentOptions);
    smon.runWithin(DEPLOY_SECONDS, "deploy", "--agent", AGENT).done();
  }

  private void startAgent(Object... options) throws IOException {
    Path key = operatorHome().resolve(".ssh/id_ed25519");
    Stream<Object> words = Stream.of("agent", "--key", key, "--listen", AGENT);
    Process agent = smon.start(Stream.concat(words, Stream.of(options)).toArray());
    Await.until("the agent listens", 60, () -> "it lives: " + agent.isAlive(), this::listens);
  }

  /** The kernel's own word, and no connection that the agent would have to answer. */
  private boolean listens() {
    return !run("exec", "operator", "--", "sh", "-c", "grep -h :1DB1.*0A /proc/net/tcp* || :")
        .isEmpty();
  }

  /**
   * A machine to whose user no key opens any more, only a password.
   *
   * @return a file for the agent that holds it
   */
  Path lockByPassword(String machine) throws IOException {
    String change = "rm -r /home/%1$s/.ssh && echo %1$s:%2$s | chpasswd".formatted(USER, PASSWORD);
    run("exec", machine, "--", "sh", "-c", change);
    Path file = operatorHome().resolve("passwords");
    Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    return Files.writeString(file, machine + " " + PASSWORD + "\n");
  }

  Path operatorHome() {
    return script.state().resolve("operator");
  }

  /** One verb of the script; false if it says that there is no such thing to do it to. */
  boolean does(List<String> words) {
    return script.does(words);
  }

  /** One verb of the script; fails unless it is done. */
  String run(Object... words) {
    return script.run(words);
  }

  /** What any peer says to the operator, or null if none answers. */
  StatusAnswer status() {
    Smon.Result result = smon.run("status", "--json");
    return result.exit() == 0 ? Json.read(result.out(), StatusAnswer.class) : null;
  }

  /** True if every machine has one peer, and the overlay says so of that very one. */
  boolean whole() {
    return ills().isEmpty();
  }

  /** What keeps the overlay from being whole; first by its processes, then by what it says. */
  List<String> ills() {
    List<String> ills = new ArrayList<>();
    for (String machine : machines) {
      List<TestbedProcesses.Peer> peers = processes.peers(machine);
      if (peers.size() != 1 || peers.get(0).stopped()) {
        ills.add(machine + " has peers " + peers);
      }
    }
    return ills.isEmpty() ? illsTold(status()) : ills;
  }

  private List<String> illsTold(StatusAnswer status) {
    return status == null
        ? List.of("no peer answers")
        : status.machines().stream().filter(m -> !isTrue(m, status)).map(m -> m + "").toList();
  }

  private boolean isTrue(MachineStatus told, StatusAnswer status) {
    return told.state() == MachineStatus.State.online
        && processes.peers(told.name()).stream().anyMatch(p -> p.ownPid() == told.pid())
        && told.list() == status.list().version()
        && told.livetag() == status.livetag().version();
  }

  MachineStatus status(String machine) {
    StatusAnswer status = status();
    return status == null ? null : RunningDemo.machine(status, machine);
  }

  boolean online(String machine) {
    MachineStatus told = status(machine);
    return told != null && told.state() == MachineStatus.State.online;
  }

  /** What the client holds as the machine list. */
  ListView list() {
    return smon.run("machines", "list", "--json").done().json(ListView.class);
  }

  /** The part of `machines list --json` that is looked at. */
  record ListView(long version, List<Entry> machines) {
    record Entry(String name, List<String> tags) {}
  }

  /** Ends it, and nothing of it is left. */
  @Override
  public void close() {
    run("down");
    assertFalse(Files.exists(script.state()), () -> "the testbed left " + script.state());
    assertFalse(processes.exist(), "the testbed left a cgroup");
  }
}
