// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A testbed's processes as this computer's kernel knows them, whoever says what. Any thread. */
final class TestbedProcesses {
  private static final int USER_ID = 2000;

  private final List<String> machines;
  private final Path groups;

  TestbedProcesses(String testbed, List<String> machines) throws IOException {
    this.machines = machines;
    this.groups = groups(testbed);
  }

  /** False once the testbed is down. */
  boolean exist() {
    return Files.exists(groups);
  }

  private static Path groups(String testbed) throws IOException {
    String mount =
        Files.readAllLines(Path.of("/proc/mounts")).stream()
            .map(line -> line.split(" "))
            .filter(words -> words[2].equals("cgroup2"))
            .map(words -> words[1])
            .findFirst()
            .orElseThrow();
    return Path.of(mount, "smon-testbed-" + testbed);
  }

  /**
   * A process that is a peer.
   *
   * @param pid as this computer knows it
   * @param ownPid as its machine knows it
   * @param stopped by SIGSTOP, or with its machine frozen
   */
  record Peer(long pid, long ownPid, Instant started, boolean stopped) {}

  /** The machine's processes that are peers. */
  List<Peer> peers(String machine) {
    return pids(machine)
        .filter(TestbedProcesses::isPeer)
        .flatMap(pid -> peer(pid).stream())
        .toList();
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

  /** What runs there in the name of the user that peers log in as. */
  List<Proc> userProcesses(String machine) {
    return pids(machine).filter(TestbedProcesses::isUsers).map(Proc::of).toList();
  }

  private static boolean isUsers(long pid) {
    try {
      return Files.getAttribute(Path.of("/proc/" + pid), "unix:uid").equals(USER_ID);
    } catch (IOException e) {
      return false; // it has just ended
    }
  }
}
