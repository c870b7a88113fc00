// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Release;
import org.smon.api.Release.Kind;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

class JavaOnMachineTest {
  private static final List<String> TOOLS =
      List.of(
          "sh tar gzip dd df head tail sed tr cut wc sort date sync sha256sum readlink mkdir mv ln cp rm"
              .split(" "));
  private static final List<String> MORE =
      List.of(
          "sleep setsid flock timeout grep find cat uname getconf kill rmdir id true".split(" "));

  private static final String JAVA_BIN = System.getProperty("java.home") + "/bin";

  @TempDir Path temp;

  /** A directory of the given commands and no others. */
  private String path(List<String> tools) throws IOException {
    Path bin = Files.createDirectories(temp.resolve("bin"));
    for (String tool : tools) {
      for (String place : List.of("/usr/bin", "/bin")) {
        Path original = Path.of(place, tool);
        if (Files.exists(original) && !Files.exists(bin.resolve(tool))) {
          executable(bin.resolve(tool), "#!/bin/sh\nexec " + original + " \"$@\"\n");
        }
      }
    }
    return bin.toString();
  }

  private String plainPath() throws IOException {
    path(TOOLS);
    return path(MORE);
  }

  private Bench bench(String path) throws Exception {
    return new Bench(temp, new MinaMachine(temp.resolve("home"), path));
  }

  private static void assertFailed(String reason, VisitReport report) {
    assertEquals(Outcome.FAILED, report.outcome(), report.toString());
    assertEquals(Step.PROBE, report.step(), report.toString());
    assertTrue(report.reason().contains(reason), report.reason());
  }

  private static void assertDeployed(VisitReport report) {
    assertEquals(Outcome.DEPLOYED, report.outcome(), report.toString());
  }

  @Test
  void withoutJavaAndWithoutOneToBringNothingIsTouched() throws Exception {
    try (Bench bench = bench(plainPath())) {
      assertFailed("--with-java", bench.visit());
      assertFalse(Files.exists(bench.machine.home().resolve(".smon-peer")));
    }
  }

  @Test
  void missingToolsAreNamed() throws Exception {
    String path = plainPath();
    Files.delete(Path.of(path, "flock"));
    Files.delete(Path.of(path, "gzip"));
    try (Bench bench = bench(path)) {
      assertFailed("the machine lacks gzip, flock", bench.visit());
    }
  }

  @Test
  void withoutTheToolThatStageZeroRunsUnderTheReasonIsTheShells() throws Exception {
    String path = plainPath();
    Files.delete(Path.of(path, "timeout"));
    try (Bench bench = bench(path)) {
      assertFailed("timeout", bench.visit());
    }
  }

  @Test
  void aMachineWithoutJavaGetsTheReleasesOwn() throws Exception {
    try (Bench bench = bench(plainPath())) {
      bench.fake.add(Kind.JRE, "jre.tar.gz", jre());
      bench.overlay.release(bench.fake.release("1.0.1"));
      VisitReport report = bench.visit();
      assertEquals(Outcome.DEPLOYED, report.outcome(), report.toString());
      assertEquals(bench.fake.bytes(), report.sentBytes());
      assertEquals("1", bench.machine.state("copies"));
      assertTrue(
          Files.isExecutable(
              bench.machine.root().resolve("jre-" + bench.fake.last().sha256() + "/bin/java")));
    }
  }

  @Test
  void aNewerJavaTakesTheOldOnesPlaceAndTheOnlyOneStays() throws Exception {
    try (Bench bench = bench(plainPath())) {
      bench.fake.add(Kind.JRE, "jre.tar.gz", jre());
      Release.Blob old = bench.fake.last();
      bench.overlay.release(bench.fake.release("1.0.1"));
      assertDeployed(bench.visit());
      bench.machine.killPeer();
      Files.writeString(temp.resolve("jre/news"), "17.0.16");
      bench.fake.drop(old);
      bench.fake.add(Kind.JRE, "jre.tar.gz", jre());
      Release.Blob next = bench.fake.last();
      bench.overlay.release(bench.fake.release("1.0.2"));
      assertDeployed(bench.visit());
      Path root = bench.machine.root();
      assertFalse(Files.exists(root.resolve("jre-" + old.sha256())));
      assertTrue(Files.exists(root.resolve("jre-" + next.sha256())));
      bench.machine.killPeer();
      bench.fake.drop(next);
      bench.overlay.release(bench.fake.release("1.0.3"));
      assertDeployed(bench.visit());
      assertTrue(Files.exists(root.resolve("jre-" + next.sha256())), "the only Java there");
    }
  }

  @Test
  void aMachineWithJavaKeepsTheReleasesOwnForOthersAndDoesNotUnpackIt() throws Exception {
    try (Bench bench = bench(System.getenv("PATH"))) {
      bench.fake.add(Kind.JRE, "jre.tar.gz", jre());
      bench.overlay.release(bench.fake.release("1.0.1"));
      VisitReport report = bench.visit();
      assertEquals(Outcome.DEPLOYED, report.outcome(), report.toString());
      String sha256 = bench.fake.last().sha256();
      assertTrue(Files.exists(bench.machine.root().resolve("blobs/" + sha256)));
      assertFalse(Files.exists(bench.machine.root().resolve("jre-" + sha256)));
    }
  }

  @Test
  void anArchiveWithALinkOutIsRefused() throws Exception {
    try (Bench bench = bench(System.getenv("PATH"))) {
      Path tree = Files.createDirectories(temp.resolve("evil/bin"));
      Files.createSymbolicLink(tree.resolve("out"), Path.of("../../../../../.ssh"));
      bench.fake.add(Kind.RUNTIME, "evil.tar.gz", FakeRelease.tarOf(tree.getParent()));
      bench.overlay.release(bench.fake.release("1.0.1"));
      VisitReport report = bench.visit();
      assertEquals(Step.INSTALL, report.step(), report.toString());
      assertTrue(report.reason().contains("link out"), report.reason());
    }
  }

  /** Not a real one: a script that calls it, and the file by which a Java tells its version. */
  private byte[] jre() throws Exception {
    Path tree = Files.createDirectories(temp.resolve("jre/bin"));
    String real = ProcessHandle.current().info().command().orElseThrow();
    executable(tree.resolve("java"), "#!/bin/sh\nexec " + real + " \"$@\"\n");
    Files.writeString(tree.resolveSibling("release"), "JAVA_VERSION=\"17.0.15\"\n");
    return FakeRelease.tarOf(tree.getParent());
  }

  @Test
  void aMachineWithoutSpaceIsNotTouched() throws Exception {
    try (Bench bench = bench(System.getenv("PATH"))) {
      Report full = Report.of(List.of("java 17 /usr/bin/java", "free 1000"));
      VisitEnd end =
          assertThrows(
              VisitEnd.class, () -> Suitability.requireRoom(full, bench.fake.release("1.0.0")));
      assertTrue(end.getMessage().startsWith("no space: "), end.getMessage());
    }
  }

  @Test
  void aCopyThatWasCutOffIsFinishedOnAMachineThatHadJustEnoughSpaceForIt() throws Exception {
    try (Bench bench = bench(System.getenv("PATH"))) {
      Release release = bench.fake.release("1.0.0");
      long needKb = 16 * 1024 + bench.fake.bytes() / 1024 + 100;
      long hereKb = 2_000;
      String java = "java 17 /usr/bin/java";
      String free = "free " + (needKb - hereKb);
      assertThrows(
          VisitEnd.class, () -> Suitability.requireRoom(Report.of(List.of(java, free)), release));
      Suitability.requireRoom(Report.of(List.of(java, free, "held " + hereKb)), release);
    }
  }

  @Test
  void aDiskThatIsFullInTheMiddleOfACopyIsWhatIsTold() throws Exception {
    String path = plainPath();
    Path dd = Path.of(path, "dd");
    String genuine = Files.readString(dd);
    executable(
        dd,
        """
        #!/bin/sh
        for word; do case $word in of=*.part) file=${word#of=} ;; esac; done
        [ -n "${file-}" ] || exec /usr/bin/dd "$@"
        mkdir -p "${file%/blobs/*}/state/copies.tmp" # nothing can be noted there either
        echo "dd: error writing '$file': No space left on device" >&2
        exit 1
        """);
    try (Bench bench = bench(path + ":" + JAVA_BIN)) {
      VisitReport full = bench.visit();
      assertEquals(Step.COPY, full.step(), full.toString());
      assertTrue(full.reason().contains("No space left on device"), full.reason());
      Files.delete(dd);
      executable(dd, genuine);
      Files.delete(bench.machine.root().resolve("state/copies.tmp"));
      assertDeployed(bench.visit());
      assertEquals("1", bench.machine.state("copies"));
    }
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
