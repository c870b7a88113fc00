// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The demo's processes, told by a marker in their environment, which children inherit, and all
 * their descendants. Only processes of this user are looked at, and only an exact marker counts.
 */
final class DemoProcesses {
  /** Set to the demo's directory in its own helpers: the ssh host and the agent. */
  static final String DEMO = "SMON_DEMO_DIR";

  /** Set to {@code DIR/machines/HOST} in everything that runs on a machine. */
  static final String MACHINE = "SMON_DEMO_MACHINE";

  private static final Path PROC = Path.of("/proc");
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private DemoProcesses() {}

  static List<ProcessHandle> ofMachine(Path home) {
    return find((MACHINE + "=" + home)::equals);
  }

  /** All of a demo: helpers and what runs on its machines. */
  static List<ProcessHandle> ofDemo(Path directory) {
    String machines = MACHINE + "=" + directory + "/";
    return find(e -> e.equals(DEMO + "=" + directory) || e.startsWith(machines));
  }

  /** kill -9 until there is none, for a process may fork while it is being killed. */
  static int kill(Supplier<List<ProcessHandle>> processes) throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    int killed = 0;
    for (var left = processes.get(); !left.isEmpty(); left = processes.get()) {
      killed += (int) left.stream().filter(ProcessHandle::destroyForcibly).count();
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("process " + left.get(0).pid() + " does not end; look at it by ps");
      }
      left.forEach(
          process ->
              process
                  .onExit()
                  .orTimeout(200, TimeUnit.MILLISECONDS)
                  .exceptionally(e -> process)
                  .join());
    }
    return killed;
  }

  private static List<ProcessHandle> find(Predicate<String> marker) {
    Set<ProcessHandle> found = new LinkedHashSet<>();
    try (Stream<Path> entries = Files.list(PROC)) {
      Object self = owner(PROC.resolve("self"));
      entries
          .filter(p -> p.getFileName().toString().matches("[0-9]+"))
          .filter(p -> self.equals(owner(p)) && carries(p, marker))
          .flatMap(p -> handle(p).stream())
          .forEach(process -> addTree(process, found));
    } catch (IOException e) {
      throw new UncheckedIOException("/proc cannot be read", e);
    }
    return List.copyOf(found);
  }

  private static void addTree(ProcessHandle process, Set<ProcessHandle> found) {
    if (found.add(process)) {
      process.descendants().forEach(found::add);
    }
  }

  private static Optional<ProcessHandle> handle(Path process) {
    return ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
        .filter(ProcessHandle::isAlive);
  }

  private static Object owner(Path process) {
    try {
      return Files.getAttribute(process, "unix:uid");
    } catch (IOException e) {
      return -1; // it has just ended
    }
  }

  /** False as well for what is not ours or has just ended: it cannot be read then. */
  private static boolean carries(Path process, Predicate<String> marker) {
    try {
      byte[] bytes = Files.readAllBytes(process.resolve("environ"));
      return Stream.of(new String(bytes, StandardCharsets.UTF_8).split("\0")).anyMatch(marker);
    } catch (IOException e) {
      return false;
    }
  }
}
