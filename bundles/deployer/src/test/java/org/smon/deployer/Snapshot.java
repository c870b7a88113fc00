// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.smon.api.Hashes;

/** All that can be seen of a machine from outside: files with modes and contents, processes. */
record Snapshot(Map<String, String> files, List<String> processes) {

  static Snapshot of(Path home) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(home)) {
      for (Path file : all.toList()) {
        files.put(home.relativize(file).toString(), described(file));
      }
    }
    return new Snapshot(files, processesOf(home));
  }

  private static String described(Path file) throws IOException {
    String mode =
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    return Files.isRegularFile(file) ? mode + " " + Hashes.of(Files.readAllBytes(file)) : mode;
  }

  private static List<String> processesOf(Path home) {
    return ProcessHandle.allProcesses()
        .flatMap(process -> process.info().commandLine().stream())
        .filter(line -> line.contains(home + "/.smon-peer"))
        .sorted()
        .toList();
  }
}
