// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Processes that outlive the verb that started them: in a session of their own, input and output
 * redirected, so that neither Ctrl-C nor a closed terminal reaches them.
 */
final class Background {
  private Background() {}

  /** This program's own classes in another Java, e.g. {@code Main} and a verb. */
  static Process java(
      List<String> flags, Class<?> main, List<String> args, Path log, Map<String, String> env)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(args);
    return start(command, log, env);
  }

  static Process start(List<String> command, Path log, Map<String, String> env) throws IOException {
    List<String> detached = new ArrayList<>(List.of("setsid"));
    detached.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(detached)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(env);
    return builder.start();
  }

  /** The last line that a failed process left, for the user; of a stack trace the reason. */
  static String lastWords(Path log) {
    try {
      List<String> lines = Files.readAllLines(log).stream().filter(Background::tells).toList();
      return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1).strip();
    } catch (IOException e) {
      return "it left no log in " + log;
    }
  }

  private static boolean tells(String line) {
    String words = line.strip();
    return !words.isEmpty() && !words.startsWith("at ") && !words.startsWith("... ");
  }
}
