// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code smon} launcher of the source tree, with a Maven and a program that only say so. */
class LauncherTest {
  @TempDir Path temp;

  private Path tree() throws IOException {
    Path tree = Files.createDirectories(temp.resolve("a tree"));
    Files.copy(Path.of("../smon"), tree.resolve("smon"));
    Files.writeString(tree.resolve("pom.xml"), "<project/>");
    return tree;
  }

  private void maven(String script) throws IOException {
    Path mvn = Files.createDirectories(temp.resolve("bin")).resolve("mvn");
    Files.writeString(mvn, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static final String BUILDS =
      """
      echo built >>builds
      mkdir -p karaf-assembly/target/client/bin karaf-assembly/target/release
      echo manifest >karaf-assembly/target/release/manifest
      printf '#!/bin/sh\\necho "$@"\\n' >karaf-assembly/target/client/bin/smon
      chmod +x karaf-assembly/target/client/bin/smon
      """;

  private record Outcome(int status, String out, String err) {}

  private Outcome run(Path tree, String... args) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(tree.resolve("smon").toString());
    builder.command().addAll(java.util.List.of(args));
    builder.environment().put("PATH", temp.resolve("bin") + ":" + System.getenv("PATH"));
    Path out = temp.resolve("out");
    Path err = temp.resolve("err");
    Process process =
        builder
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .directory(temp.toFile())
            .start();
    int status = process.waitFor();
    return new Outcome(status, Files.readString(out), Files.readString(err));
  }

  @Test
  void itBuildsOnceAndPassesEveryWordOn() throws Exception {
    Path tree = tree();
    maven(BUILDS);
    assertEquals("why a  b\n", run(tree, "why", "a  b").out());
    assertEquals("again\n", run(tree, "again").out());
    assertEquals(1, Files.readAllLines(tree.resolve("builds")).size());
  }

  @Test
  void halfABuildIsBuiltAgain() throws Exception {
    Path tree = tree();
    maven(BUILDS + "exit 1");
    assertEquals(1, run(tree, "status").status());
    assertFalse(Files.exists(tree.resolve(".smon-build")));
    maven(BUILDS);
    assertEquals("status\n", run(tree, "status").out());
    Files.delete(tree.resolve("karaf-assembly/target/release/manifest"));
    assertEquals("status\n", run(tree, "status").out());
    assertEquals(3, Files.readAllLines(tree.resolve("builds")).size());
  }

  @Test
  void aBuildThatFailsSaysWhy() throws Exception {
    maven("printf '\\033[0m[ERROR] no repository at /nowhere\\n[ERROR] \\n'; exit 1");
    Outcome outcome = run(tree(), "status");
    assertEquals(1, outcome.status());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().contains("no repository at /nowhere"), outcome.err());
    assertTrue(outcome.err().contains("smon: the build failed; see "), outcome.err());
  }
}
