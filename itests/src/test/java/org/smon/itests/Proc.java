// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process as /proc shows it; all empty if it has just ended or is not ours to look at.
 *
 * @param arguments each followed by a zero byte
 * @param environment likewise
 */
record Proc(long pid, String arguments, String environment) {
  private static final Path ROOT = Path.of("/proc");

  static List<Proc> all() {
    try (Stream<Path> entries = Files.list(ROOT)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches("[0-9]+"))
          .map(name -> of(Long.parseLong(name)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Proc of(long pid) {
    return new Proc(pid, read(pid, "cmdline"), read(pid, "environ"));
  }

  private static String read(long pid, String file) {
    try {
      byte[] bytes = Files.readAllBytes(ROOT.resolve(pid + "/" + file));
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  boolean has(String name, Object value) {
    String text = name + "=" + value;
    return Stream.of(environment.split("\0")).anyMatch(text::equals);
  }

  boolean runs(String word) {
    return List.of(arguments.split("\0")).contains(word);
  }

  /** kill -NAME. */
  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** kill -9. */
  void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }
}
