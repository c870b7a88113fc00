// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the program is started in; a test hands in its own.
 *
 * @param terminal true if a person watches stdout, so that a bar may be drawn over itself
 */
public record Surroundings(
    InputStream in, PrintStream out, PrintStream err, Map<String, String> env, boolean terminal) {

  /** The launcher sees whether stdout is a terminal; Java 17 can only ask about both ends. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        System.in, System.out, System.err, System.getenv(), Boolean.getBoolean("smon.terminal"));
  }

  /** The user's home: what the shell says, for the password file may say something else. */
  public Path userHome() {
    String home = env.get("HOME");
    return Path.of(home == null || home.isEmpty() ? System.getProperty("user.home") : home)
        .toAbsolutePath();
  }

  public String env(String name) {
    String value = env.get(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
