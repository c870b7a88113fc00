// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {
  @TempDir private Path user;

  static List<List<String>> verbs() {
    List<List<String>> verbs = new ArrayList<>();
    collect(new CommandLine(new Smon(Surroundings.ofProcess())), List.of(), verbs);
    return verbs;
  }

  private static void collect(CommandLine line, List<String> path, List<List<String>> verbs) {
    verbs.add(path);
    line.getSubcommands()
        .forEach(
            (name, sub) -> {
              List<String> longer = new ArrayList<>(path);
              longer.add(name);
              collect(sub, longer, verbs);
            });
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyVerbExplainsItselfInAscii(List<String> verb) {
    List<String> args = new ArrayList<>(verb);
    args.add("--help");
    Cli.Outcome outcome = new Cli(user).run(args.toArray(String[]::new)).exits(0);
    assertTrue(outcome.out().startsWith("Usage: smon"), outcome.out());
    assertTrue(outcome.out().contains("--home"), outcome.out());
    assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(outcome.out()), outcome.out());
  }
}
