// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.smon.api.DocumentType;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.State;
import org.smon.membership.ListEdits;
import org.smon.store.FileState;

/**
 * What a purge is told by: a signed list in which every machine is a removed one, so that the
 * machines take it from the operator alone and no old list ever undoes it (T4). Until the last is
 * clean the former list is kept beside it; then it is signed anew, for the next deployment.
 */
final class PurgeOrder {
  private static final String FORMER = "former-list";
  private static final String LEFT = "left";

  private final ClientHome home;
  private final State state;

  private PurgeOrder(ClientHome home, State state) {
    this.home = home;
    this.state = state;
  }

  static PurgeOrder of(ClientHome home) throws IOException {
    return new PurgeOrder(home, new FileState(home.directory().resolve("purge")));
  }

  /** All of the list, and those that an earlier run could not clean. */
  List<Machine> machines() throws IOException {
    MachineList list = home.documents().list();
    List<String> left = read(LEFT).orElse("").lines().toList();
    List<Machine> machines = new ArrayList<>(list.machines());
    list.removed().stream().filter(m -> left.contains(m.name())).forEach(machines::add);
    return machines;
  }

  /** Signs that none of them is a machine of this overlay any more. */
  void sign() throws IOException {
    MachineList list = home.documents().list();
    keepLeft(machines().stream().map(Machine::name).toList());
    if (list.size() > 0) {
      write(FORMER, list.body());
      List<String> all = list.machines().stream().map(Machine::name).toList();
      home.sign(DocumentType.LIST, ListEdits.remove(list, all).body());
    }
  }

  /** Remembers who is left to clean; with nobody left all is as before the first deployment. */
  void keep(Collection<String> left) throws IOException {
    if (!left.isEmpty()) {
      keepLeft(left);
      return;
    }
    home.sign(DocumentType.LIST, read(FORMER).orElseThrow());
    Files.deleteIfExists(home.lastPeerFile());
    state.delete(LEFT);
    state.delete(FORMER);
  }

  private void keepLeft(Collection<String> names) throws IOException {
    write(LEFT, String.join("\n", names) + "\n");
  }

  private Optional<String> read(String name) throws IOException {
    return state.read(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private void write(String name, String text) throws IOException {
    state.write(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
