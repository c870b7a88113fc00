// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.smon.api.DocumentType;
import org.smon.api.Keyring;
import org.smon.wire.MachineStatus;

/**
 * The JSON of {@code smon key list}, and how people see it.
 *
 * @param keyring the counter of the keyring document held here, 0 while K_E was never rotated
 * @param leaked true if the last key was replaced because it had leaked
 * @param peers what the overlay says of itself, or null if no peer answers
 */
record KeyView(long keyring, boolean leaked, List<Key> keys, Peers peers) {

  /**
   * @param id names the key without telling it
   * @param role "in use", "next" or "previous"
   * @param held whether its bytes are in this home
   */
  record Key(String id, String role, boolean held) {}

  /**
   * @param online peers that answer
   * @param behind those of them that do not work by this keyring yet
   */
  record Peers(int online, List<String> behind) {}

  static KeyView of(ClientHome home, StatusSource source) {
    Keyring keyring = home.documents().keyring();
    List<Key> keys = new ArrayList<>();
    add(keys, home, keyring.use(), "in use");
    add(keys, home, keyring.next(), "next");
    add(keys, home, keyring.previous(), "previous");
    long counter = home.documents().versions().counter(DocumentType.KEYRING);
    return new KeyView(counter, keyring.leaked(), keys, peers(source, counter));
  }

  private static void add(List<Key> keys, ClientHome home, String id, String role) {
    if (id != null) {
      keys.add(new Key(id, role, home.channel().trusted().contains(id)));
    }
  }

  private static Peers peers(StatusSource source, long counter) {
    try {
      List<MachineStatus> online =
          source.ask().machines().stream()
              .filter(m -> m.state() == MachineStatus.State.online)
              .toList();
      List<String> behind =
          online.stream().filter(m -> !worksBy(m, counter)).map(MachineStatus::name).toList();
      return new Peers(online.size(), behind);
    } catch (Overlay.SilentException e) {
      return null;
    }
  }

  /** True if this peer goes by that keyring document, or a newer one. */
  static boolean worksBy(MachineStatus machine, long counter) {
    return machine.keyring() != null && machine.keyring() >= counter;
  }

  void print(PrintStream out) {
    Table table = new Table("KEY", "ROLE", "HERE");
    keys.forEach(
        key -> table.row(key.id().substring(0, 16), key.role(), key.held() ? "yes" : "no"));
    table.print(out);
    out.println(summary());
    out.flush();
  }

  private String summary() {
    String what = keyring == 0 ? "never rotated" : "keyring " + keyring;
    if (peers == null) {
      return what + "; no peer answers";
    }
    String behind =
        peers.behind().isEmpty() ? "" : ", behind: " + String.join(", ", peers.behind());
    return "%s; %d of %d peers that answer work by it%s"
        .formatted(what, peers.online() - peers.behind().size(), peers.online(), behind);
  }
}
