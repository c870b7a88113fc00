// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.smon.client.FailedException;
import org.smon.client.FileTrees;
import org.smon.client.Surroundings;
import org.smon.wire.Json;

/**
 * Where a demo lives: {@code client} is its client home, {@code machines/HOST} the homes of its
 * machines; ssh keys, logs and the plan stand beside them, out of reach of the machines.
 */
public final class DemoDirectory {
  private static final String MARK = "smon-demo.json";

  private final Path root;

  DemoDirectory(Path root) {
    this.root = root;
  }

  /** The one that verbs mean when nobody names one: the demo of SMON_HOME, else ~/.smon-demo. */
  public static DemoDirectory usual(Surroundings surroundings) {
    String home = surroundings.env("SMON_HOME");
    if (home != null) {
      Path parent = Path.of(home).toAbsolutePath().normalize().getParent();
      if (parent != null && Files.exists(parent.resolve(MARK))) {
        return at(parent);
      }
    }
    return at(surroundings.userHome().resolve(".smon-demo"));
  }

  /** With links resolved, for the processes are found by this path. */
  static DemoDirectory at(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    Path there = absolute;
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    try {
      return new DemoDirectory(there.toRealPath().resolve(there.relativize(absolute)).normalize());
    } catch (IOException e) {
      return new DemoDirectory(absolute);
    }
  }

  Path root() {
    return root;
  }

  public Path clientHome() {
    return root.resolve("client");
  }

  Path machine(String name) {
    return root.resolve("machines").resolve(name);
  }

  /** The key that logs in to every machine. */
  Path userKey() {
    return root.resolve("ssh/id");
  }

  /** A machine's own directory of ssh things. */
  Path sshOf(String name) {
    return root.resolve("ssh").resolve(name);
  }

  Path hostKey(String name) {
    return sshOf(name).resolve("host_key");
  }

  Path log(String name) {
    return root.resolve("log").resolve(name + ".log");
  }

  /** Where the embedded ssh servers are controlled, and the word that lets one do it. */
  Path hostFile() {
    return root.resolve("host.json");
  }

  /** True while any process of this demo lives. */
  public boolean running() {
    return Files.exists(root.resolve(MARK)) && !DemoProcesses.ofDemo(root).isEmpty();
  }

  boolean exists() {
    return Files.exists(root.resolve(MARK));
  }

  DemoPlan plan() {
    try {
      return Json.read(Files.readString(root.resolve(MARK)), DemoPlan.class);
    } catch (IOException e) {
      throw new FailedException("there is no demo in " + root + "; start one: smon demo");
    }
  }

  /** Makes the directory; refuses one that holds anything but an old demo. */
  void create(DemoPlan plan) throws IOException {
    if (exists()) {
      delete();
    }
    if (Files.exists(root) && !isEmpty()) {
      throw new FailedException(
          root + " holds other things than a demo; name an empty directory by --dir");
    }
    Files.createDirectories(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(root.resolve(MARK), Json.writePretty(plan));
    for (String name : new String[] {"client", "machines", "ssh", "log"}) {
      Files.createDirectories(root.resolve(name));
    }
  }

  /**
   * Removes all that {@link #create} and the demo made; the marker last, so that it can be redone.
   */
  void delete() throws IOException {
    for (String name : new String[] {"machines", "client", "ssh", "log", "host.json"}) {
      FileTrees.delete(root.resolve(name));
    }
    Files.deleteIfExists(root.resolve(MARK));
    if (isEmpty()) {
      Files.delete(root);
    }
  }

  private boolean isEmpty() throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      return entries.findAny().isEmpty();
    }
  }
}
