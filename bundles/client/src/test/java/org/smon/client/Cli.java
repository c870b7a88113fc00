// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The whole command line in this process, with a home directory of its own. */
final class Cli {
  private final Map<String, String> env = new HashMap<>();
  private String input = "";
  private String awaited;
  private Runnable then;

  /** What a run left. */
  record Outcome(int status, String out, String err) {
    Outcome exits(int expected) {
      assertEquals(expected, status, () -> "stdout: " + out + "\nstderr: " + err);
      return this;
    }
  }

  Cli(Path userHome) {
    env.put("HOME", userHome.toString());
  }

  Cli with(String variable, String value) {
    env.put(variable, value);
    return this;
  }

  Cli answering(String lines) {
    input = lines;
    return this;
  }

  /** Runs once, on the thread that says these words on stderr, before it goes on. */
  Cli once(String words, Runnable what) {
    awaited = words;
    then = what;
    return this;
  }

  private void said(String err) {
    if (then != null && err.contains(awaited)) {
      Runnable what = then;
      then = null;
      what.run();
    }
  }

  Outcome run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            said(toString(StandardCharsets.UTF_8));
          }
        };
    int status =
        Main.run(
            new Surroundings(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                env,
                false),
            args);
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
