// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import org.smon.api.DocumentType;
import org.smon.api.MachineList;

/** The last step of every edit of the list: sign, keep, hand over, show. */
final class ListChange {
  private final ClientHome home;
  private final Console console;

  ListChange(ClientHome home, Console console) {
    this.home = home;
    this.console = console;
  }

  void commit(MachineList next) {
    int before = home.documents().list().size();
    home.sign(DocumentType.LIST, next.body());
    console.say("the list has " + next.size() + " machines, before " + before);
    new Publication(home, console).publish(DocumentType.LIST);
    console.result(MachinesView.of(home.documents()));
  }
}
