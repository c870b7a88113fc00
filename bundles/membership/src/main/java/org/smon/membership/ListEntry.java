// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import java.util.ArrayList;
import java.util.List;
import org.smon.api.InvalidInputException;
import org.smon.api.Machine;

/**
 * A machine as somebody wrote it, {@code [user@]name[:sshPort]}: what was left out is taken from an
 * older entry of that name, if there is one (T4).
 */
public record ListEntry(Machine machine, boolean portGiven) {
  /** Throws {@link InvalidInputException} with one line that names what does not fit. */
  public static ListEntry parse(String text) {
    return new ListEntry(Machine.parse(text), text.indexOf(':') >= 0);
  }

  /** A file's entries: one a line, {@code #} comments and empty lines passed over. */
  public static List<ListEntry> parseLines(List<String> lines) {
    List<ListEntry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String text = lines.get(i).replaceFirst("(^|\\s)#.*", "").strip();
      try {
        if (!text.isEmpty()) {
          entries.add(parse(text));
        }
      } catch (InvalidInputException e) {
        throw new InvalidInputException("line " + (i + 1) + ": " + e.getMessage());
      }
    }
    return entries;
  }

  public ListEntry with(Machine changed) {
    return new ListEntry(changed, portGiven);
  }

  /** The same machine in the older entry's shoes, where this one says nothing. */
  Machine over(Machine older) {
    return new Machine(
        machine.name(),
        machine.user() == null ? older.user() : machine.user(),
        portGiven ? machine.sshPort() : older.sshPort(),
        machine.hostKey() == null ? older.hostKey() : machine.hostKey(),
        machine.tags().isEmpty() ? older.tags() : machine.tags());
  }
}
