// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.smon.api.InvalidInputException;
import org.smon.api.Machine;

/**
 * A machine as somebody wrote it, {@code [user@]name[:sshPort]}: what was left out is taken from an
 * older entry of that name, if there is one (T4).
 */
public record ListEntry(Machine machine, boolean portGiven) {
  private static final int LINES_TOLD = 20;

  /** Throws {@link InvalidInputException} with one line that names what does not fit. */
  public static ListEntry parse(String text) {
    return new ListEntry(Machine.parse(text), text.indexOf(':') >= 0);
  }

  /**
   * A file's entries: one a line, {@code #} comments and empty lines passed over. All that is wrong
   * is told at once, by line number.
   */
  public static List<ListEntry> parseLines(List<String> lines) {
    List<ListEntry> entries = new ArrayList<>();
    Map<String, Integer> lineOfName = new HashMap<>();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String text = lines.get(i).replaceFirst("(^|\\s)#.*", "").strip();
      if (text.isEmpty()) {
        continue;
      }
      try {
        ListEntry entry = parse(text);
        Integer first = lineOfName.putIfAbsent(entry.machine().name(), i + 1);
        if (first == null) {
          entries.add(entry);
        } else {
          wrong.add(
              "line %d: %s stands twice, on line %d too"
                  .formatted(i + 1, entry.machine().name(), first));
        }
      } catch (InvalidInputException e) {
        wrong.add("line " + (i + 1) + ": " + e.getMessage());
      }
    }
    refuse(wrong);
    return entries;
  }

  private static void refuse(List<String> wrong) {
    if (!wrong.isEmpty()) {
      int more = wrong.size() - LINES_TOLD;
      throw new InvalidInputException(
          String.join("; ", wrong.subList(0, Math.min(LINES_TOLD, wrong.size())))
              + (more > 0 ? "; and " + more + " more wrong lines" : ""));
    }
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
