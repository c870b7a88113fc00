// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.smon.client.ClientHome;
import org.smon.client.Overlay;
import org.smon.security.KeyFolder;
import org.smon.security.OverlayKey;
import org.smon.wire.Connections;
import org.smon.wire.MachineStatus;
import org.smon.wire.PeerApi;
import org.smon.wire.StatusAnswer;
import org.smon.wire.StatusQuery;

/**
 * A demo that many assertions share, on ports that nobody has, in a directory whose name has a
 * space. What tests only wait for is asked over the wire here, not by a process each time.
 */
final class RunningDemo implements AutoCloseable {
  static final String PEER = "org.apache.karaf.main.Main";
  private static final int START_SECONDS = 240;

  final Smon smon;
  final int sshPort;
  final int gossipPort;
  final List<String> machines;

  /** What {@code smon demo} said at its end. */
  final Smon.Result started;

  private final Path directory;
  private final Census census;
  private ClientHome home;
  private Connections connections;

  private RunningDemo(Path temp, int count, String ssh) throws IOException {
    Path userHome = Files.createDirectories(temp.resolve("user home"));
    directory = temp.toRealPath().resolve("the demo");
    machines = IntStream.rangeClosed(1, count).mapToObj(i -> "127.0.1." + i).toList();
    sshPort = freePort(machines);
    gossipPort = freePort(machines);
    smon = new Smon(userHome, clientHome());
    census = new Census(this);
    try {
      started = begin(count, ssh);
      reopen();
    } catch (Throwable e) { // a failed assertion as well: nobody else could end what runs by now
      stop();
      throw e;
    }
  }

  /** What is in the client's home now: another process may have changed its keys. */
  void reopen() {
    home = ClientHome.open(clientHome());
    connections = home.connections();
  }

  private Smon.Result begin(int count, String ssh) {
    Smon.Result result =
        smon.runWithin(
            START_SECONDS,
            "demo",
            "--json",
            "--machines",
            count,
            "--ssh",
            ssh,
            "--dir",
            directory,
            "--ssh-port",
            sshPort,
            "--port",
            gossipPort);
    assertEquals(0, result.exit(), () -> result + logs());
    return result;
  }

  /**
   * Blocks until all are online.
   *
   * @param ssh embedded or openssh
   */
  static RunningDemo start(Path temp, int machines, String ssh) throws IOException {
    return new RunningDemo(temp, machines, ssh);
  }

  Path directory() {
    return directory;
  }

  Path clientHome() {
    return directory.resolve("client");
  }

  Path machinesDirectory() {
    return directory.resolve("machines");
  }

  /** The key by which its user logs in to every machine. */
  Path userKey() {
    return directory.resolve("ssh/id");
  }

  /** The home of a machine's user. */
  Path homeOf(String machine) {
    return machinesDirectory().resolve(machine);
  }

  /** Files below the peer's root on a machine; empty if it is not there. */
  List<Path> files(String machine, String glob) {
    try (Stream<Path> roots = Files.list(homeOf(machine).resolve(".smon-peer"))) {
      var matcher = directory.getFileSystem().getPathMatcher("glob:" + glob);
      return roots
          .filter(Files::isDirectory)
          .flatMap(root -> list(root, root.resolve(glob).getParent(), matcher::matches).stream())
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<Path> list(Path root, Path parent, Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.filter(file -> wanted.test(root.relativize(file))).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The one line of a file below the peer's root, or an empty one. */
  String line(String machine, String file) {
    try {
      List<Path> found = files(machine, file);
      return found.isEmpty() ? "" : Files.readString(found.get(0)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  Smon.Result verb(String verb, String machine) {
    return smon.run("demo", verb, machine, "--dir", directory).done();
  }

  // The overlay as its client sees it.

  /** K_E of a home, of which there is one as long as it was never rotated. */
  static OverlayKey overlayKey(Path home) throws IOException {
    return new KeyFolder(home.resolve("keys")).keys().values().iterator().next();
  }

  ClientHome home() {
    return home;
  }

  PeerApi peer(String machine) {
    return connections.peer(machine, gossipPort, 5_000);
  }

  /** What any peer says, or null if none answers. */
  StatusAnswer status() {
    try {
      return new Overlay(home, connections, 6_000)
          .ask(peer -> peer.status(new StatusQuery(null, 3_000)))
          .value();
    } catch (Overlay.SilentException e) {
      return null;
    }
  }

  MachineStatus status(String machine) {
    return machine(status(), machine);
  }

  /** True if some peer says so. */
  boolean isOnline(String machine) {
    StatusAnswer status = status();
    return status != null && machine(status, machine).state() == MachineStatus.State.online;
  }

  static MachineStatus machine(StatusAnswer status, String name) {
    return status.machines().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  /** Blocks until every machine is online, with the peer processes there that they say. */
  StatusAnswer awaitAllOnline(int seconds) {
    StatusAnswer[] last = new StatusAnswer[1];
    Await.until(
        "all machines online",
        seconds,
        () -> last[0] + logs(),
        () -> {
          last[0] = status();
          return last[0] != null
              && last[0].summary().online() == machines.size()
              && last[0].machines().stream().allMatch(this::isTrue);
        });
    return last[0];
  }

  /** False while a status is told of a process that is gone. */
  private boolean isTrue(MachineStatus told) {
    List<Proc> there = peers(told.name());
    return there.size() == 1;
  }

  // Its processes.

  List<Proc> peers(String machine) {
    return Proc.all().stream().filter(p -> isPeerOf(p, machine)).toList();
  }

  boolean isPeerOf(Proc process, String machine) {
    boolean standby = process.runs("-Dsmon.standby=true"); // beside the peer, without its lock
    return !standby && process.runs(PEER) && process.has("SMON_DEMO_MACHINE", homeOf(machine));
  }

  Proc agent() {
    return Proc.all().stream()
        .filter(p -> p.has("SMON_DEMO_DIR", directory) && p.runs("agent"))
        .findFirst()
        .orElseThrow();
  }

  /** The agent again, as its user would start it after it died. */
  Process startAgent() throws IOException {
    String listen = home.documents().settings().agents().get(0).address();
    return smon.start("agent", "--key", userKey(), "--listen", listen);
  }

  /** What was seen of its processes since before it began. */
  Census census() {
    return census;
  }

  private String logs() {
    StringBuilder text = new StringBuilder();
    for (String machine : machines) {
      files(machine, "log/peer.log").forEach(log -> text.append(tail(log)));
    }
    return text.toString();
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return "%n%s:%n%s"
          .formatted(
              log, String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
    } catch (IOException e) {
      return "";
    }
  }

  private static int freePort(List<String> addresses) throws IOException {
    while (true) {
      int port;
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getByName(addresses.get(0)))) {
        port = first.getLocalPort();
      }
      if (addresses.stream().allMatch(address -> isFree(address, port))) {
        return port;
      }
    }
  }

  private static boolean isFree(String address, int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends it, and nothing of it is left. */
  @Override
  public void close() {
    stop().done();
    assertFalse(Files.exists(directory), () -> "the demo left " + directory);
    assertEquals(List.of(), left(), "the demo left processes");
  }

  private Smon.Result stop() {
    try {
      return smon.run("demo", "stop", "--dir", directory);
    } finally {
      census.close();
      left().forEach(Proc::kill);
    }
  }

  private List<Proc> left() {
    String mark = directory.toString();
    return Proc.all().stream()
        .filter(p -> Stream.of(p.environment().split("\0")).anyMatch(e -> marks(e, mark)))
        .toList();
  }

  private static boolean marks(String entry, String directory) {
    return entry.equals("SMON_DEMO_DIR=" + directory)
        || entry.startsWith("SMON_DEMO_MACHINE=" + directory + "/");
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
