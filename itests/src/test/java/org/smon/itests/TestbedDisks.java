// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Stream;
import org.smon.api.Document;

/** What a testbed's machines have on their disks, and what their sshd logged beside them. */
final class TestbedDisks {
  private final Path state;

  /**
   * @param state where the testbed keeps all it has
   */
  TestbedDisks(Path state) {
    this.state = state;
  }

  /**
   * Everything that is on the machine's disk: each file by its path and size, each directory that
   * this computer has not got.
   */
  Set<String> traces(String machine) {
    Path disk = state.resolve("machines/" + machine + "/disk");
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

  /** The version of the machine list on a machine's disk, or 0. */
  long listOn(String machine) {
    try (Stream<Path> files = Files.walk(roots(machine), 3)) {
      Path list = files.filter(file -> file.endsWith("state/doc-list")).findFirst().orElseThrow();
      return Document.parse(Files.readString(list)).counter();
    } catch (IOException | NoSuchElementException e) {
      return 0;
    }
  }

  private Path roots(String machine) {
    return state.resolve("machines/" + machine + "/disk/home/" + Testbed.USER + "/.smon-peer");
  }

  /** Bytes of the file of the payload that is arriving on a machine, or 0. */
  long partOn(String machine) {
    return files(roots(machine))
        .filter(file -> file.toString().endsWith(".part"))
        .mapToLong(file -> file.toFile().length())
        .max()
        .orElse(0);
  }

  /** What a machine's sshd logged with these words in it. */
  List<String> sshdSaid(String machine, String words) {
    return sshdLog(machine).stream().filter(line -> line.contains(words)).toList();
  }

  private List<String> sshdLog(String machine) {
    try {
      return Files.readAllLines(state.resolve("machines/" + machine + "/sshd.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By the log of a machine's sshd, whatever befell its disk; from an epoch second on. */
  List<Login> logins(String machine, long since) {
    return Login.of(sshdLog(machine)).stream().filter(l -> l.begun() >= since).toList();
  }

  /**
   * Copies the logs of sshd, peers and agent out of the testbed, which takes them with it.
   *
   * @return where they are
   */
  Path keepLogs(String name) {
    Path kept = Path.of("target", name).toAbsolutePath();
    try (Stream<Path> files = Files.walk(state, 10)) {
      for (Path log : files.filter(TestbedDisks::isLog).toList()) {
        Path copy =
            kept.resolve(state.relativize(log).toString().replaceFirst("/disk/.*/log/", "/"));
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
}
