// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.smon.api.RefusedException;
import org.smon.client.Upgrade;
import org.smon.security.SigningKey;
import org.smon.wire.MachineStatus;
import org.smon.wire.PeerApi;
import org.smon.wire.ShellMessage;
import org.smon.wire.StatusAnswer;

/** Releases of a running demo: publishes them and looks what its machines have made of them. */
final class Upgrades {
  private static final int PUBLISH_SECONDS = 280;
  private static final int SHELL_SECONDS = 60;

  /** Of new bundles, in seconds; short, for what has to be seen in it is seen at once. */
  private static final int PROBATION_SECONDS = 3;

  private final RunningDemo demo;
  private final Path scratch;

  /**
   * @param scratch for releases that are made
   */
  Upgrades(RunningDemo demo, Path scratch) {
    this.demo = demo;
    this.scratch = scratch;
  }

  /** Makes and publishes the next release, broken or not, and blocks until it has its verdict. */
  Smon.Result next(Object... more) {
    return demo.smon.runWithin(PUBLISH_SECONDS, words(more));
  }

  /** The same, and its verdict is not waited for. */
  Process begin() throws IOException {
    return demo.smon.start(words());
  }

  private Object[] words(Object... more) {
    List<Object> words = new ArrayList<>(List.of("demo", "upgrade", "--json"));
    words.addAll(List.of("--dir", demo.directory(), "--probation", PROBATION_SECONDS));
    words.addAll(List.of(more));
    return words.toArray();
  }

  /** Publishes by {@code smon upgrade}. */
  Smon.Result publish(Object... more) {
    List<Object> words = new ArrayList<>(List.of("upgrade", "--json"));
    words.addAll(List.of("--probation", PROBATION_SECONDS, "--timeout", PUBLISH_SECONDS - 20));
    words.addAll(List.of(more));
    return demo.smon.runWithin(PUBLISH_SECONDS, words.toArray());
  }

  static Upgrade.Outcome outcome(Smon.Result result) {
    return result.json(Upgrade.Outcome.class);
  }

  /** Of the peers as the processes there are, not as anybody tells. */
  Map<String, Long> pids() {
    Map<String, Long> pids = new TreeMap<>();
    demo.machines.forEach(m -> demo.peers(m).forEach(p -> pids.put(m, p.pid())));
    return pids;
  }

  /** The hash of the release that a machine starts with. */
  String installed(String machine) {
    return demo.line(machine, "state/installed").split(" ")[0];
  }

  boolean isOnTrial(String machine) {
    return !demo.line(machine, "state/trial").isEmpty();
  }

  /** Blocks until every peer answers, runs this version, and has nothing on trial. */
  StatusAnswer awaitAllOn(String version, int seconds) {
    StatusAnswer[] last = new StatusAnswer[1];
    Await.until(
        "all machines on " + version,
        seconds,
        () -> last[0],
        () -> {
          last[0] = demo.status();
          return last[0] != null
              && last[0].machines().stream().allMatch(m -> runs(m, version))
              && demo.machines.stream().noneMatch(this::isOnTrial);
        });
    return last[0];
  }

  private static boolean runs(MachineStatus machine, String version) {
    return machine.state() == MachineStatus.State.online && version.equals(machine.release());
  }

  /** Its peer says so, and has it for good. */
  boolean runs(String machine, String version) {
    StatusAnswer status = demo.status();
    return status != null
        && runs(RunningDemo.machine(status, machine), version)
        && !isOnTrial(machine);
  }

  Stream<String> onTrial() {
    return demo.machines.stream().filter(this::isOnTrial);
  }

  /** The versions of a bundle of ours that are active there, as its Karaf shell lists them. */
  List<String> active(String machine, String bundle) {
    return shell(machine, "bundle:list -s --no-format")
        .lines()
        .map(line -> List.of(line.split("\\s+")))
        .filter(words -> words.contains("org.smon." + bundle) && words.contains("Active"))
        .map(words -> words.stream().filter(w -> w.matches("[0-9]+(\\.[0-9]+){2}")).findFirst())
        .map(version -> version.orElse("none"))
        .toList();
  }

  /** A peer that was just started gets its shell last. */
  private String shell(String machine, String line) {
    String[] printed = new String[1];
    Await.until(
        machine + " has run " + line,
        SHELL_SECONDS,
        () -> demo.status(machine),
        () -> {
          printed[0] = tryShell(machine, line);
          return printed[0] != null;
        });
    return printed[0];
  }

  private String tryShell(String machine, String line) {
    SigningKey operator = demo.home().operator();
    PeerApi peer = demo.peer(machine);
    try {
      ShellMessage.Line signed =
          ShellMessage.Line.signed(
              demo.home().documents().overlayId(),
              peer.shellGreeting(),
              1,
              line,
              operator.privateKey(),
              operator.publicKey());
      return peer.shell(signed).output();
    } catch (RefusedException | UncheckedIOException e) {
      return null;
    }
  }

  /**
   * A release archive whose bundles are those of this build and whose runtime is another one.
   *
   * @param file of the runtime that is another one
   * @param content of it from now on, or null to add a comment at its end
   */
  Path withRuntime(String file, String content, String version) throws IOException {
    Path folder = Files.createTempDirectory(scratch, "release");
    Path runtime = Files.createDirectories(scratch.resolve(folder.getFileName() + " runtime"));
    run("cp", "-r", Smon.DIST.resolve("release") + "/.", folder.toString());
    run("tar", "-xzf", folder + "/runtime.tar.gz", "-C", runtime.toString());
    Path changed = runtime.resolve(file);
    Files.writeString(changed, content == null ? Files.readString(changed) + "# new\n" : content);
    run("tar", "-czf", folder + "/runtime.tar.gz", "-C", runtime.toString(), ".");
    Path archive = scratch.resolve(version + ".smon");
    demo.smon.run("release", "build", folder, "-o", archive, "--release-version", version).done();
    return archive;
  }

  static void delete(Path directory) throws IOException {
    run("rm", "-rf", directory.toString());
  }

  private static void run(String... command) throws IOException {
    try {
      assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), command[0]);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  static <T> List<T> ofEach(StatusAnswer status, Function<MachineStatus, T> what) {
    return status.machines().stream().map(what).distinct().toList();
  }
}
