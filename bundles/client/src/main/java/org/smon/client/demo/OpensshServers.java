// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.smon.client.FailedException;

/**
 * A real sshd for each machine, as the user who runs the demo. With bwrap a machine has its own
 * processes, host name and home; without it only $HOME tells the machines apart.
 */
final class OpensshServers implements SshServers {
  private static final int START_MILLIS = 10_000;
  private static final int POLL_MILLIS = 20;

  /** Where a machine in bwrap sees its ssh files: its home hides the real one, and this in it. */
  private static final Path INSIDE = Path.of("/mnt/ssh");

  private final DemoDirectory directory;
  private final DemoPlan plan;
  private final Optional<Path> bwrap;
  private final boolean root = "root".equals(System.getProperty("user.name"));

  OpensshServers(DemoDirectory directory, DemoPlan plan) {
    this(directory, plan, program("bwrap").filter(OpensshServers::works));
  }

  /**
   * @param bwrap empty for machines that only $HOME tells apart
   */
  OpensshServers(DemoDirectory directory, DemoPlan plan, Optional<Path> bwrap) {
    this.directory = directory;
    this.plan = plan;
    this.bwrap = bwrap;
  }

  /** The sshd program; one line that names the package if there is none. */
  static Path sshd() {
    return program("sshd")
        .orElseThrow(
            () ->
                new FailedException(
                    "there is no sshd here; install the package openssh-server, or use the"
                        + " embedded servers: smon demo --ssh embedded"));
  }

  @Override
  public void start(String machine) throws IOException {
    if (answers(machine)) {
      return;
    }
    Path home = directory.machine(machine);
    Path seen = bwrap.isPresent() ? INSIDE : directory.sshOf(machine);
    Files.writeString(
        directory.sshOf(machine).resolve("sshd_config"), config(machine, seen, bwrap.isPresent()));
    if (root) {
      Files.createDirectories(Path.of("/run/sshd"));
    }
    // sshd writes its title over its environment, so a shell above it carries the marker.
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "\"$@\" & wait", "machine"));
    bwrap.ifPresent(program -> command.addAll(isolation(program, machine, home)));
    command.addAll(
        List.of(sshd().toString(), "-D", "-e", "-f", seen.resolve("sshd_config").toString()));
    Path log = directory.log("sshd-" + machine);
    Process process =
        Background.start(command, log, Map.of(DemoProcesses.MACHINE, home.toString()));
    awaitOpen(machine, process, log);
  }

  /** The listener goes with the machine's other processes: a crash kills them all. */
  @Override
  public void stop(String machine) throws IOException {
    DemoProcesses.kill(() -> DemoProcesses.ofMachine(directory.machine(machine)));
  }

  private String config(String machine, Path seen, boolean isolated) {
    Path home = isolated ? realHome() : directory.machine(machine);
    List<String> environment =
        List.of(
            "HOME=" + home,
            "PATH=" + System.getenv("PATH"),
            DemoProcesses.MACHINE + "=" + directory.machine(machine));
    StringBuilder set = new StringBuilder("SetEnv");
    environment.forEach(e -> set.append(" \"").append(e).append('"'));
    return """
        Port %d
        ListenAddress %s
        HostKey "%s"
        AuthorizedKeysFile "%s"
        PidFile none
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin prohibit-password
        MaxStartups 100
        %s
        """
        .formatted(
            plan.sshPort(),
            machine,
            seen.resolve("host_key"),
            home.resolve(".ssh/authorized_keys"),
            set);
  }

  private List<String> isolation(Path bwrap, String machine, Path home) {
    List<String> command = new ArrayList<>(List.of(bwrap.toString()));
    if (root) {
      command.addAll(List.of("--cap-add", "ALL"));
    }
    command.addAll(List.of("--unshare-pid", "--unshare-uts", "--unshare-ipc"));
    command.addAll(List.of("--hostname", machine.replace('.', '-'), "--dev-bind", "/", "/"));
    command.addAll(List.of("--proc", "/proc", "--tmpfs", "/mnt"));
    command.addAll(List.of("--ro-bind", directory.sshOf(machine).toString(), INSIDE.toString()));
    Path java = Path.of(System.getProperty("java.home"));
    command.addAll(List.of("--bind", home.toString(), realHome().toString()));
    if (java.startsWith(realHome())) {
      command.addAll(List.of("--ro-bind", java.toString(), java.toString()));
    }
    return command;
  }

  private static Path realHome() {
    return Path.of(System.getProperty("user.home"));
  }

  /** True if this kernel lets it do its work. */
  private static boolean works(Path bwrap) {
    List<String> trial =
        List.of(
            bwrap.toString(), "--unshare-pid", "--dev-bind", "/", "/", "--proc", "/proc", "true");
    try {
      Process process =
          new ProcessBuilder(trial)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Optional<Path> program(String name) {
    String path = System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin";
    return Stream.of(path.split(":"))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private void awaitOpen(String machine, Process process, Path log) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (!answers(machine)) {
      if (ended(process) || System.nanoTime() - deadline > 0) {
        throw new FailedException(
            "the sshd of " + machine + " did not start: " + Background.lastWords(log));
      }
    }
  }

  private static boolean ended(Process process) throws IOException {
    try {
      return process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private boolean answers(String machine) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(machine, plan.sshPort()), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
