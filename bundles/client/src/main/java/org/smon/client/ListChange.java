// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;
import org.smon.api.DocumentType;
import org.smon.api.MachineList;

/** The frame of every edit of the list: fetch the newest; then sign, keep, hand over, show. */
final class ListChange {
  private final ClientHome home;
  private final Console console;
  private final int timeoutSeconds;

  ListChange(ClientHome home, Console console, AcknowledgeOptions options) {
    this.home = home;
    this.console = console;
    this.timeoutSeconds = options.timeoutSeconds;
  }

  /** The list to edit: the newest of the overlay, as far as it can be had. */
  MachineList newest() {
    new Newest(home, console).fetch(DocumentType.LIST);
    return home.documents().list();
  }

  private void remindOfConflicts() {
    if (home.everAnswered()) {
      new Newest(home, console).fetchConflicts();
    }
    int open = home.documents().conflicts(DocumentType.LIST).size();
    if (open > 0) {
      console.note("smon: conflicts: " + open + "; see `smon machines conflicts`");
    }
  }

  void commit(MachineList next) {
    commit(next, List.of());
  }

  /**
   * @param settled hashes of conflicts that this list puts an end to
   */
  void commit(MachineList next, List<String> settled) {
    int before = home.documents().list().size();
    if (settled.isEmpty()) {
      home.sign(DocumentType.LIST, next.body());
    } else {
      home.sign(DocumentType.LIST, next.body(), settled);
    }
    console.say("the list has " + next.size() + " machines, before " + before);
    new Publication(home, console).acknowledge(DocumentType.LIST, timeoutSeconds);
    remindOfConflicts();
    console.result(MachinesView.of(home.documents()));
  }
}
