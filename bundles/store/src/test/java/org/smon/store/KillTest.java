// SPDX-License-Identifier: Apache-2.0
package org.smon.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.State;

/** kill -9 at any moment: what was acknowledged is there, and nothing is half there (R54). */
class KillTest {
  private static final int ROUNDS = 5;

  @TempDir Path directory;

  @Test
  void whatWasAcknowledgedSurvivesKillNine() throws Exception {
    Random random = new Random(1);
    for (int round = 0; round < ROUNDS; round++) {
      long acknowledged = writeUntilKilled(20 + random.nextInt(200));
      String read =
          new String(
              new FileState(directory).read("counter").orElseThrow(), StandardCharsets.US_ASCII);
      long found = Long.parseLong(read.substring(0, read.indexOf(' ')));
      assertEquals(Writer.value(found), read);
      assertTrue(found == acknowledged || found == acknowledged + 1, found + "/" + acknowledged);
    }
  }

  private long writeUntilKilled(int writes) throws Exception {
    String classes =
        Stream.of(FileState.class, KillTest.class, State.class)
            .map(
                type ->
                    URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
            .map(location -> Path.of(location).toString())
            .collect(Collectors.joining(File.pathSeparator));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes,
                Writer.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      long acknowledged = 0;
      for (int i = 0; i < writes; i++) {
        acknowledged = Long.parseLong(lines.readLine());
      }
      child.toHandle().destroyForcibly(); // Process.destroyForcibly would close the pipe too
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged = Long.parseLong(line);
      }
      return acknowledged;
    } finally {
      child.destroyForcibly();
      assertTrue(child.waitFor(10, TimeUnit.SECONDS));
    }
  }

  /** The child: counts on from what it finds, and tells each number once it is on disk. */
  static final class Writer {
    private Writer() {}

    static String value(long count) {
      return count + " " + "x".repeat((int) (count % 5000));
    }

    public static void main(String[] args) throws Exception {
      FileState state = new FileState(Path.of(args[0]));
      long count = 0;
      if (state.read("counter").isPresent()) {
        String text = new String(state.read("counter").get(), StandardCharsets.US_ASCII);
        count = Long.parseLong(text.substring(0, text.indexOf(' ')));
      }
      while (true) {
        count++;
        state.write("counter", value(count).getBytes(StandardCharsets.US_ASCII));
        System.out.println(count);
      }
    }
  }
}
