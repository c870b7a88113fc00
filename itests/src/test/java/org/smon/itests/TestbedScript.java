// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs {@code testbed/testbed}, each verb a process. Calls block, bounded.
 *
 * @param name of the testbed; {@code smon.testbed.name} makes it another one than the usual
 * @param temp where its output goes meanwhile
 */
record TestbedScript(String name, Path temp) {
  private static final String SCRIPT = Path.of("testbed/testbed").toAbsolutePath().toString();
  private static final int SECONDS = 120;

  static TestbedScript in(Path temp) {
    return new TestbedScript(System.getProperty("smon.testbed.name", "it"), temp);
  }

  /** Where the testbed keeps all it has. */
  Path state() {
    return Path.of("/run/smon-testbed", name);
  }

  /** What this computer lacks for a testbed in one line, or an empty text. */
  String missing() {
    return run("missing").strip();
  }

  /** The words before a command that run it at the operator's place. */
  List<String> atOperator() {
    return List.of("env", "SMON_TESTBED=" + name, SCRIPT, "exec", "operator", "--");
  }

  /** One verb; false if it says that there is no such thing to do it to. */
  boolean does(List<String> words) {
    return call(words.toArray()).exit() == 0;
  }

  /** One verb; fails unless it is done. */
  String run(Object... words) {
    Smon.Result result = call(words);
    assertEquals(0, result.exit(), result::toString);
    return result.out();
  }

  private Smon.Result call(Object... words) {
    try {
      return process(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Smon.Result process(Object... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(SCRIPT));
    Stream.of(words).map(Object::toString).forEach(command::add);
    Path out = Files.createTempFile(temp, "testbed", ".out");
    Path err = Files.createTempFile(temp, "testbed", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("SMON_TESTBED", name);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      int exit = process.waitFor(SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
      return new Smon.Result(List.of(words), exit, Files.readString(out), Files.readString(err));
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    } finally {
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }
}
