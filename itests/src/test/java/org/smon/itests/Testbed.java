// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
  private static final String SCRIPT = Path.of("testbed/testbed").toAbsolutePath().toString();
  private static final String NAME = System.getProperty("smon.testbed.name", "it");
  private static final int SCRIPT_SECONDS = 120;
  private static final int DEPLOY_SECONDS = 240;
  private static final Path STATE = Path.of("/run/smon-testbed", NAME);
  private static final String AGENT = "operator:7601";

  final List<String> machines;

  /** The program, run at the operator's place. */
  final Smon smon;

  private final Path temp;
  private final Path groups;

  private Testbed(Path temp, int count) throws IOException {
    this.temp = temp;
    machines = IntStream.rangeClosed(1, count).mapToObj(i -> "m" + i).toList();
    groups = groups();
    List<String> through = List.of("env", "SMON_TESTBED=" + NAME, SCRIPT, "exec", "operator", "--");
    smon = new Smon(temp, operatorHome().resolve(".smon"), through);
    run("down"); // what a killed run may have left
    run("up", count);
  }

  /** What this computer lacks for it in one line, or an empty text. */
  static String missing(Path temp) throws IOException {
    return script(temp, "missing").out().strip();
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

  private void deploy() throws IOException {
    smon.run("init", "--name", "testbed").done();
    smon.run("machines", "set", operatorHome().resolve("machines")).done();
    Process agent =
        smon.start("agent", "--key", operatorHome().resolve(".ssh/id_ed25519"), "--listen", AGENT);
    smon.runWithin(DEPLOY_SECONDS, "deploy", "--agent", AGENT).done();
    assertEquals(true, agent.isAlive(), "the agent ended");
  }

  Path operatorHome() {
    return STATE.resolve("operator");
  }

  /** One verb of the script; false if it says that there is no such thing to do it to. */
  boolean does(List<String> words) {
    try {
      return script(temp, words.toArray()).exit() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One verb of the script; fails unless it is done. */
  String run(Object... words) {
    try {
      Smon.Result result = script(temp, words);
      assertEquals(0, result.exit(), result::toString);
      return result.out();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Smon.Result script(Path temp, Object... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(SCRIPT));
    Stream.of(words).map(Object::toString).forEach(command::add);
    Path out = Files.createTempFile(temp, "testbed", ".out");
    Path err = Files.createTempFile(temp, "testbed", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("SMON_TESTBED", NAME);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      int exit = process.waitFor(SCRIPT_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
      return new Smon.Result(List.of(words), exit, Files.readString(out), Files.readString(err));
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    } finally {
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }

  // What is really there, whoever says what.

  /**
   * A process that is a peer.
   *
   * @param pid as this computer knows it
   * @param ownPid as its machine knows it
   * @param stopped by SIGSTOP, or with its machine frozen
   */
  record Peer(long pid, long ownPid, Instant started, boolean stopped) {}

  List<Peer> peers(String machine) {
    try {
      return Files.readAllLines(groups.resolve(machine + "/cgroup.procs")).stream()
          .map(Long::parseLong)
          .filter(Testbed::isPeer)
          .flatMap(pid -> peer(pid).stream())
          .toList();
    } catch (IOException e) {
      return List.of(); // it has not been up yet
    }
  }

  private static boolean isPeer(long pid) {
    return Proc.of(pid).runs(RunningDemo.PEER);
  }

  private static List<Peer> peer(long pid) {
    try {
      List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
      Instant started = ProcessHandle.of(pid).flatMap(p -> p.info().startInstant()).orElseThrow();
      String[] pids = field(status, "NSpid").split("\\s+");
      boolean stopped = field(status, "State").startsWith("T");
      return List.of(new Peer(pid, Long.parseLong(pids[pids.length - 1]), started, stopped));
    } catch (IOException | RuntimeException e) {
      return List.of(); // it has just ended
    }
  }

  private static String field(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  /** The processes that are peers, a list for each machine. */
  List<List<Peer>> allPeers() {
    return machines.stream().map(this::peers).toList();
  }

  /** By the log of a machine's sshd, whatever befell its disk; from an epoch second on. */
  List<Login> logins(String machine, long since) {
    try {
      Path log = STATE.resolve("machines/" + machine + "/sshd.log");
      return Login.of(Files.readAllLines(log)).stream().filter(l -> l.begun() >= since).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What any peer says to the operator, or null if none answers. */
  StatusAnswer status() {
    Smon.Result result = smon.run("status", "--json");
    return result.exit() == 0 ? Json.read(result.out(), StatusAnswer.class) : null;
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

  private static Path groups() throws IOException {
    String mount =
        Files.readAllLines(Path.of("/proc/mounts")).stream()
            .map(line -> line.split(" "))
            .filter(words -> words[2].equals("cgroup2"))
            .map(words -> words[1])
            .findFirst()
            .orElseThrow();
    return Path.of(mount, "smon-testbed-" + NAME);
  }

  /** Ends it, and nothing of it is left. */
  @Override
  public void close() {
    run("down");
    assertEquals(false, Files.exists(STATE), () -> "the testbed left " + STATE);
    assertEquals(false, Files.exists(groups), () -> "the testbed left " + groups);
  }
}
