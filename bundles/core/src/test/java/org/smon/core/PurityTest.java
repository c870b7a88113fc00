// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The core is pure: a run in the simulator must be its seed and nothing else. */
class PurityTest {
  private static final Map<Pattern, String> FORBIDDEN = new LinkedHashMap<>();

  static {
    forbid("currentTimeMillis|nanoTime|java\\.time|Instant\\.now", "time is an argument");
    forbid(
        "Thread|synchronized|volatile|java\\.util\\.concurrent|\\bTimer\\b",
        "one thread owns the core");
    forbid(
        "java\\.(io|nio|net)\\b|System\\.(out|err|in|getenv|getProperty)", "effects go to Effects");
    forbid(
        "slf4j|java\\.util\\.logging|System\\.Logger|printStackTrace", "events go to Effects.emit");
    forbid(
        "new Random\\(\\)|Math\\.random|ThreadLocalRandom|SecureRandom|randomUUID",
        "randomness is injected");
    forbid(
        "\\b(HashMap|HashSet|IdentityHashMap|WeakHashMap)\\b|\\b(Map|Set)\\.(of|copyOf|ofEntries)\\(|toSet\\(",
        "hash order differs from run to run");
    forbid("parallelStream|\\.parallel\\(", "order must not depend on threads");
    forbid(
        "^\\s*(private |protected |public )?static (?!final )[\\w<>\\[\\], ]+ \\w+( =.*)?;",
        "static state outlives a simulated peer");
  }

  @Test
  void theSourcesUseNoClockThreadNetworkLogOrHashOrder() throws IOException {
    List<String> broken = new ArrayList<>();
    List<Path> sources = sources();
    for (Path source : sources) {
      List<String> lines = Files.readAllLines(source);
      for (int i = 0; i < lines.size(); i++) {
        String reason = reasonAgainst(lines.get(i));
        if (reason != null) {
          broken.add(
              source.getFileName() + ":" + (i + 1) + " " + lines.get(i).strip() + ": " + reason);
        }
      }
    }
    assertTrue(sources.size() > 10, "only " + sources.size() + " sources found");
    assertEquals(List.of(), broken);
  }

  @Test
  void theScanFindsWhatItShould() {
    List<String> impure =
        List.of(
            "long now = System.currentTimeMillis();",
            "new Thread(task).start();",
            "Map<String, X> m = new HashMap<>();",
            "for (String s : Set.of(a, b)) {",
            "Random r = new Random();",
            "  private static int count = 0;",
            "import java.nio.file.Path;");
    impure.forEach(line -> assertTrue(reasonAgainst(line) != null, line));
    List<String> pure =
        List.of(
            "private static final int MOST = 3;",
            "Map<String, X> m = new LinkedHashMap<>();",
            "  private static int best(int a) {",
            "Random random = new Random(seed);");
    pure.forEach(line -> assertEquals(null, reasonAgainst(line), line));
  }

  private static String reasonAgainst(String line) {
    String code = line.strip();
    if (code.startsWith("*") || code.startsWith("//") || code.startsWith("/*")) {
      return null;
    }
    return FORBIDDEN.entrySet().stream()
        .filter(rule -> rule.getKey().matcher(line).find())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static void forbid(String regex, String reason) {
    FORBIDDEN.put(Pattern.compile(regex), reason);
  }
}
