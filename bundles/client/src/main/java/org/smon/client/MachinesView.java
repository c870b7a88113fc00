// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.PrintStream;
import java.util.List;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Machine;
import org.smon.api.Settings;

/** The machine list as `machines list --json` has it; the component names are the JSON fields. */
record MachinesView(long version, List<Entry> machines, List<Entry> removed) {
  /**
   * @param user who logs in there, the overlay's default included
   * @param hostKey the pinned fingerprint, or null: then nobody logs in
   */
  record Entry(String name, String user, int port, String hostKey, List<String> tags) {
    static Entry of(Machine m, Settings settings) {
      return new Entry(m.name(), settings.userOf(m), m.sshPort(), m.hostKey(), m.tags());
    }
  }

  static MachinesView of(Documents documents) {
    Settings settings = documents.settings();
    return new MachinesView(
        documents.versions().counter(DocumentType.LIST),
        documents.list().machines().stream().map(m -> Entry.of(m, settings)).toList(),
        documents.list().removed().stream().map(m -> Entry.of(m, settings)).toList());
  }

  void print(PrintStream out) {
    Table table = new Table("MACHINE", "USER", "PORT", "HOST KEY", "TAGS");
    machines.forEach(m -> table.row(m.name, m.user, m.port, m.hostKey, String.join(",", m.tags)));
    table.print(out);
    out.println(
        "list version %d: %d machines, %d removed"
            .formatted(version, machines.size(), removed.size()));
  }
}
