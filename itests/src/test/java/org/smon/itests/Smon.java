// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.smon.wire.Json;

/**
 * The {@code smon} program as its users run it: a process of its own, under LANG=C, with a user
 * home that knows nothing. Calls block until it ends, bounded.
 */
final class Smon {
  private static final int USUAL_SECONDS = 120;

  /** What is tested: holds {@code client} and {@code release}. */
  static final Path DIST =
      Path.of(System.getProperty("smon.dist", "../karaf-assembly/target")).toAbsolutePath();

  private final Path userHome;
  private final Path clientHome;
  private final List<String> through;

  /**
   * @param userHome stands for the user's own home, with nothing of this computer's in it
   * @param clientHome SMON_HOME, or null
   */
  Smon(Path userHome, Path clientHome) {
    this(userHome, clientHome, List.of());
  }

  /**
   * @param through the words of a command that runs the one that follows somewhere else
   */
  Smon(Path userHome, Path clientHome, List<String> through) {
    this.userHome = userHome;
    this.clientHome = clientHome;
    this.through = through;
    assertTrue(
        Files.exists(DIST.resolve("release/manifest")),
        () -> "there is no whole build in " + DIST + "; run mvn package first");
  }

  Smon at(Path otherHome) {
    return new Smon(userHome, otherHome);
  }

  Result run(Object... args) {
    return runWithin(USUAL_SECONDS, args);
  }

  Result runWithin(int seconds, Object... args) {
    try {
      Path out = Files.createTempFile(userHome, "out", ".txt");
      Path err = Files.createTempFile(userHome, "err", ".txt");
      Process process =
          builder(args).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      Result result =
          new Result(
              List.of(args),
              ended ? process.exitValue() : -1,
              Files.readString(out),
              Files.readString(err));
      assertTrue(ended, () -> "not done within " + seconds + " s: " + result);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The same without waiting; its output goes nowhere. */
  Process start(Object... args) throws IOException {
    return builder(args)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private ProcessBuilder builder(Object... args) {
    List<String> command = new ArrayList<>(through);
    command.add(DIST.resolve("client/bin/smon").toString());
    for (Object arg : args) {
      command.add(arg.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command).directory(userHome.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(SMON|SSH|LC)_.*"));
    builder.environment().put("LANG", "C");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("HOME", userHome.toString());
    if (clientHome != null) {
      builder.environment().put("SMON_HOME", clientHome.toString());
    }
    return builder;
  }

  /** How a run ended and what it said. */
  record Result(List<Object> args, int exit, String out, String err) {
    Result done() {
      assertEquals(0, exit, this::toString);
      return this;
    }

    /** An exit status that says so, and one clear line with these words; never a stack trace. */
    Result failed(String... words) {
      assertNotEquals(0, exit, this::toString);
      assertFalse((out + err).contains("\tat "), () -> "a stack trace: " + this);
      assertFalse((out + err).contains("internal error"), this::toString);
      List<String> told = err.lines().filter(line -> line.startsWith("smon: ")).toList();
      assertFalse(told.isEmpty(), () -> "no line of smon's own: " + this);
      for (String word : words) {
        assertTrue((out + err).contains(word), () -> "nothing about '" + word + "': " + this);
      }
      return this;
    }

    <T> T json(Class<T> type) {
      return Json.read(out, type);
    }

    @Override
    public String toString() {
      return "smon %s: exit %d%n%s%n%s".formatted(args, exit, out, err);
    }
  }
}
