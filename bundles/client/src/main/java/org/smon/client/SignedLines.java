// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.MachineList;
import org.smon.membership.ListEdits;
import org.smon.membership.ListEntry;
import org.smon.wire.DocumentWord;

/**
 * Shell lines that change what is replicated. A peer cannot sign for the operator (R40), so the
 * document is signed here and goes behind the command; all other lines stay as they are.
 */
final class SignedLines {
  private final Smon smon;
  private final ClientHome home;

  SignedLines(Smon smon, ClientHome home) {
    this.smon = smon;
    this.home = home;
  }

  String expand(String line) throws IOException {
    List<String> words = Arrays.asList(line.strip().split("\\s+"));
    List<String> names = words.subList(1, words.size());
    return switch (words.get(0)) {
      case "smon:disable" ->
          names.isEmpty()
              ? livetag("smon:disable", Livetag.off(Livetag.DISABLE_QUIET_SECONDS))
              : line;
      case "smon:enable" -> names.isEmpty() ? livetag("smon:enable", Livetag.on()) : line;
      case "smon:machines-add" -> list(added(required(names)));
      case "smon:machines-remove" -> list(removed(required(names)));
      default -> line;
    };
  }

  private String livetag(String command, Livetag livetag) {
    newest(DocumentType.LIVETAG);
    return command + " " + DocumentWord.of(LivetagChange.sign(home, livetag));
  }

  private MachineList added(List<String> names) throws IOException {
    List<ListEntry> named = names.stream().map(ListEntry::parse).toList();
    newest(DocumentType.LIST);
    MachineList next = ListEdits.add(home.documents().list(), named);
    return Pins.of(smon, new MachineOptions()).pin(next, named);
  }

  private MachineList removed(List<String> names) {
    newest(DocumentType.LIST);
    MachineList next = ListEdits.remove(home.documents().list(), names);
    EmptyList.refuse(home.documents().list(), next, false);
    return next;
  }

  private String list(MachineList next) {
    Document signed = home.sign(DocumentType.LIST, next.body());
    return "smon:machines-edit " + DocumentWord.of(signed);
  }

  /** Who signs upon an old version makes a conflict (T5). */
  private void newest(DocumentType type) {
    new Newest(home, smon.console()).fetch(type);
  }

  private static List<String> required(List<String> names) {
    if (names.isEmpty()) {
      throw new FailedException("name at least one machine behind the command");
    }
    return names;
  }
}
