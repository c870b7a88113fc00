// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.smon.api.InvalidInputException;
import org.smon.api.Names;

/**
 * The user's passwords of machines without a key (R37): a file that nobody else can read, of lines
 * {@code MACHINE PASSWORD}; {@code *} names all other machines, {@code #} begins a comment.
 */
public final class Passwords {
  private static final String ALL_OTHERS = "*";
  private static final Set<PosixFilePermission> OWNERS =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final Map<String, String> byMachine;

  private Passwords(Map<String, String> byMachine) {
    this.byMachine = Map.copyOf(byMachine);
  }

  public static Passwords none() {
    return new Passwords(Map.of());
  }

  /** One line that names the file, and the line in it, if it is not what it should be. */
  public static Passwords read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new InvalidInputException("password file " + file + " cannot be read");
    }
    if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
      throw new InvalidInputException(
          "password file " + file + " can be read by others; chmod 600 it");
    }
    Map<String, String> passwords = new HashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isBlank() && !line.startsWith("#")) {
        add(passwords, line, file + " line " + (i + 1));
      }
    }
    return new Passwords(passwords);
  }

  /** Says what is wrong without a word of the line: it may be a password. */
  private static void add(Map<String, String> passwords, String line, String where) {
    int space = line.indexOf(' ');
    if (space < 1 || space == line.length() - 1) {
      throw new InvalidInputException(where + " is not 'MACHINE PASSWORD'");
    }
    String machine = line.substring(0, space);
    try {
      if (!machine.equals(ALL_OTHERS)) {
        Names.requireMachine(machine);
      }
    } catch (InvalidInputException e) {
      throw new InvalidInputException(where + " does not begin with a machine's name");
    }
    if (passwords.put(machine, line.substring(space + 1)) != null) {
      throw new InvalidInputException(where + " names a machine for the second time");
    }
  }

  Optional<String> of(String machine) {
    return Optional.ofNullable(byMachine.getOrDefault(machine, byMachine.get(ALL_OTHERS)));
  }
}
