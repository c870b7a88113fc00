// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.smon.api.Document;
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
  private static final String USER = "ops";
  private static final int USER_ID = 2000;
  private static final int SCRIPT_SECONDS = 120;
  private static final int DEPLOY_SECONDS = 240;
  private static final Path STATE = Path.of("/run/smon-testbed", NAME);
  private static final String AGENT = "operator:7601"; // 0x1DB1

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

  /** Makes an overlay of all machines, with an agent that stays. */
  void deploy() throws IOException {
    smon.run("init", "--name", "testbed").done();
    smon.run("machines", "set", operatorHome().resolve("machines")).done();
    startAgent();
    smon.runWithin(DEPLOY_SECONDS, "deploy", "--agent", AGENT).done();
  }

  private void startAgent() throws IOException {
    Path key = operatorHome().resolve(".ssh/id_ed25519");
    Process agent = smon.start("agent", "--key", key, "--listen", AGENT);
    Await.until("the agent listens", 60, () -> "it lives: " + agent.isAlive(), this::listens);
  }

  /** The kernel's own word, and no connection that the agent would have to answer. */
  private boolean listens() {
    return !run("exec", "operator", "--", "sh", "-c", "grep -h :1DB1.*0A /proc/net/tcp* || :")
        .isEmpty();
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
    return pids(machine).filter(Testbed::isPeer).flatMap(pid -> peer(pid).stream()).toList();
  }

  private Stream<Long> pids(String machine) {
    try {
      Path group = groups.resolve(machine + "/cgroup.procs");
      return Files.readAllLines(group).stream().map(Long::parseLong);
    } catch (IOException e) {
      return Stream.of(); // it has not been up yet
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

  /** True if every machine has exactly one peer, and it runs. */
  boolean onePeerEach() {
    return onePeerEach(machines);
  }

  boolean onePeerEach(List<String> some) {
    return some.stream()
        .map(this::peers)
        .allMatch(peers -> peers.size() == 1 && !peers.get(0).stopped());
  }

  int peerCount() {
    return allPeers().stream().mapToInt(List::size).sum();
  }

  /**
   * Everything that is on the machine's disk: each file by its path and size, each directory that
   * this computer has not got.
   */
  Set<String> traces(String machine) {
    Path disk = STATE.resolve("machines/" + machine + "/disk");
    Set<String> traces = new HashSet<>();
    files(disk.resolve("home")).forEach(file -> traces.add(trace(disk, file)));
    Path upper = disk.resolve("upper");
    files(upper).filter(file -> isOwn(upper, file)).forEach(file -> traces.add(trace(disk, file)));
    return traces;
  }

  /** All files and directories below, those left out that go away meanwhile. */
  private static Stream<Path> files(Path directory) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      return Stream.of();
    }
    return Stream.concat(
        Stream.of(directory),
        found.stream()
            .flatMap(f -> Files.isDirectory(f, NOFOLLOW_LINKS) ? files(f) : Stream.of(f)));
  }

  /** False for a directory that is only there because something below it was written once. */
  private static boolean isOwn(Path upper, Path file) {
    return !Files.isDirectory(file)
        || !Files.isDirectory(Path.of("/").resolve(upper.relativize(file)));
  }

  private static String trace(Path disk, Path file) {
    return disk.relativize(file) + (Files.isRegularFile(file) ? " " + file.toFile().length() : "");
  }

  /** What runs there in the name of the user that peers log in as. */
  List<Proc> userProcesses(String machine) {
    return pids(machine).filter(Testbed::isUsers).map(Proc::of).toList();
  }

  private static boolean isUsers(long pid) {
    try {
      return Files.getAttribute(Path.of("/proc/" + pid), "unix:uid").equals(USER_ID);
    } catch (IOException e) {
      return false; // it has just ended
    }
  }

  /** The version of the machine list on a machine's disk, or 0. */
  long listOn(String machine) {
    Path roots = STATE.resolve("machines/" + machine + "/disk/home/" + USER + "/.smon-peer");
    try (Stream<Path> files = Files.walk(roots, 3)) {
      Path list = files.filter(file -> file.endsWith("state/doc-list")).findFirst().orElseThrow();
      return Document.parse(Files.readString(list)).counter();
    } catch (IOException | NoSuchElementException e) {
      return 0;
    }
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

  /** True if every machine has one peer, and the overlay says so of that very one. */
  boolean whole() {
    return ills().isEmpty();
  }

  /** What keeps the overlay from being whole; first by its processes, then by what it says. */
  List<String> ills() {
    List<String> ills = new ArrayList<>();
    for (String machine : machines) {
      List<Peer> peers = peers(machine);
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
        && peers(told.name()).stream().anyMatch(p -> p.ownPid() == told.pid())
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

  /**
   * Copies the logs of sshd, peers and agent out of the testbed, which takes them with it.
   *
   * @return where they are
   */
  Path keepLogs(String name) {
    Path kept = Path.of("target", name).toAbsolutePath();
    try (Stream<Path> files = Files.walk(STATE, 10)) {
      for (Path log : files.filter(Testbed::isLog).toList()) {
        Path copy =
            kept.resolve(STATE.relativize(log).toString().replaceFirst("/disk/.*/log/", "/"));
        Files.createDirectories(copy.getParent());
        Files.copy(log, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      return kept;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isLog(Path file) {
    String path = file.toString();
    return Files.isRegularFile(file)
        && !path.contains("/upper/")
        && !path.contains("/blobs/")
        && (path.endsWith(".log") || path.endsWith(".jsonl") || path.contains("/log/"));
  }

  /** Ends it, and nothing of it is left. */
  @Override
  public void close() {
    run("down");
    assertEquals(false, Files.exists(STATE), () -> "the testbed left " + STATE);
    assertEquals(false, Files.exists(groups), () -> "the testbed left " + groups);
  }
}
