// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.smon.api.Machine;

/** A machine to visit: an ssh server of its own, and a home. */
interface TestMachine extends AutoCloseable {
  Path home();

  String fingerprint();

  /** Of its second host key, of a kind that clients like less. */
  String secondFingerprint();

  /** What its ssh server is reached through. */
  Cable cable();

  @Override
  void close() throws IOException;

  default Machine entry() {
    return new Machine("127.0.0.1", null, cable().port(), fingerprint(), List.of());
  }

  default Path authorizedKeys() {
    return home().resolve(".ssh/authorized_keys");
  }

  default void authorize(String line) {
    try {
      Files.createDirectories(authorizedKeys().getParent());
      Files.writeString(authorizedKeys(), line + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one install root on this machine, which has to be there. */
  default Path root() throws IOException {
    try (var roots = Files.list(home().resolve(".smon-peer"))) {
      return roots.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  default String state(String name) throws IOException {
    Path file = root().resolve("state").resolve(name);
    return Files.exists(file) ? Files.readString(file).strip() : null;
  }

  default long peerPid() throws IOException {
    return Long.parseLong(state("heartbeat").split(" ")[0]);
  }

  /** Ends the peer that a test has had started here, if there is one. */
  default void killPeer() throws IOException {
    if (Files.isDirectory(home().resolve(".smon-peer")) && state("heartbeat") != null) {
      ProcessHandle.of(peerPid())
          .ifPresent(
              peer -> {
                peer.destroyForcibly();
                peer.onExit().join();
              });
    }
  }

  /** How often a peer has come up here. */
  default int starts() throws IOException {
    return Files.readAllLines(root().resolve("log/starts")).size();
  }
}
