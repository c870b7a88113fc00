// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.smon.kernel.Order;
import org.smon.kernel.internal.Journal.Installed;

/**
 * The staged restart, for what cannot be swapped in a running process: Karaf, this kernel, the JRE
 * (R24). The new runtime first shows in a process of its own that it comes up at all. Then this
 * process gives way to one that is on trial; a script of the old runtime watches that one, and
 * starts the old one again should it not be adopted.
 */
final class Handover {
  /** A cold start on a busy machine. */
  private static final int STANDBY_SECONDS = 120;

  /** Beside the probation: a start, and what a probation may take longer. */
  private static final int WATCH_SECONDS = 180;

  private final Path root;
  private final Path karafHome;
  private final Journal journal;

  Handover(Path root, Path karafHome, Journal journal) {
    this.root = root;
    this.karafHome = karafHome;
    this.journal = journal;
  }

  /** True if the set takes another runtime, or another Java than the one it brought itself. */
  boolean isNeeded(Order order, Installed installed) throws IOException {
    String runtime = journal.runtime(order.release());
    Optional<String> jre = journal.jre(order.release());
    Path java = Path.of(System.getProperty("java.home"));
    boolean ownJava = java.startsWith(root);
    boolean otherJava = jre.isPresent() && !java.startsWith(root.resolve("jre-" + jre.get()));
    return !runtime.equals(installed.runtime()) || ownJava && otherJava;
  }

  /** The new runtime beside this one: no port, no gossip, no lock (R24). */
  void requireStandby(Order order) throws Refusal, IOException {
    Path peer = peer(order);
    if (!Files.isExecutable(peer)) {
      throw new Refusal("its runtime is not unpacked");
    }
    Process standby = detached(peer.toString(), "-s", root.toString(), order.release()).start();
    try {
      if (!standby.waitFor(STANDBY_SECONDS, TimeUnit.SECONDS)) {
        standby.destroyForcibly();
        throw new Refusal("its runtime does not come up within " + STANDBY_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("the trial was interrupted");
    }
    if (standby.exitValue() != 0) {
      throw new Refusal("its runtime does not come up: exit status " + standby.exitValue());
    }
  }

  /** Starts the watching script, which waits for the end of this process. */
  void begin(Order order) throws IOException {
    long seconds = WATCH_SECONDS + TimeUnit.MILLISECONDS.toSeconds(order.probationMillis());
    detached(
            "setsid",
            karafHome.resolve("bin/handover").toString(),
            root.toString(),
            order.release(),
            journal.runtime(order.release()),
            Long.toString(seconds))
        .start();
  }

  private Path peer(Order order) throws IOException {
    return root.resolve("runtime").resolve(journal.runtime(order.release())).resolve("bin/peer");
  }

  private ProcessBuilder detached(String... command) {
    return new ProcessBuilder(command)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(root.resolve("log/peer.log").toFile()))
        .redirectErrorStream(true);
  }
}
