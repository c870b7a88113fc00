// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/** Ends this process so that another one takes its place on the same machine (R24). */
final class Rebirth {
  /** Waits for the lock that this process holds as long as it lives, then becomes the peer. */
  private static final String SCRIPT =
      "flock -w 60 \"$1/peer.lock\" true; exec \"$2/bin/peer\" \"$1\" >>\"$1/log/peer.log\" 2>&1";

  /** Of a process that ends so that another set runs. */
  static final int STATUS = 75;

  private final Path root;
  private final Path karafHome;

  Rebirth(Path root, Path karafHome) {
    this.root = root;
    this.karafHome = karafHome;
  }

  /** Does not return. What hangs in this process cannot hold up its end. */
  void now() {
    try {
      new ProcessBuilder(
              "setsid", "sh", "-c", SCRIPT, "smon", root.toString(), karafHome.toString())
          .redirectInput(new File("/dev/null"))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      System.err.println("smon: no successor could be started: " + e.getMessage());
    }
    Runtime.getRuntime().halt(STATUS); // a fellow starts it, should that not have worked
  }
}
