// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.MachineList;
import org.smon.membership.ListMerge;

/** `machines conflicts --json`; the component names are the JSON fields. */
record ConflictsView(List<Entry> conflicts) {
  private static final int SHOWN_HASH = 12;

  /**
   * An edit that lost against one from the same version.
   *
   * @param operator base64 public key of who signed it
   * @param adds machines that a merge would add to the list in force; of a list only, like the next
   */
  record Entry(
      String type,
      long version,
      Instant issued,
      String operator,
      String hash,
      List<String> adds,
      List<String> removes,
      List<String> changes) {
    static Entry of(Document loser, Documents documents) {
      ListMerge.Difference difference =
          loser.type() == DocumentType.LIST
              ? ListMerge.difference(
                  documents.list(),
                  ListMerge.of(documents.list(), MachineList.ofBody(loser.body())).list())
              : new ListMerge.Difference(List.of(), List.of(), List.of());
      return new Entry(
          loser.type().word(),
          loser.counter(),
          loser.issued(),
          loser.seals().isEmpty() ? null : loser.seals().get(0).publicKey(),
          loser.hash(),
          difference.adds(),
          difference.removes(),
          difference.changes());
    }

    /** What a merge would do, for people. */
    String told() {
      List<String> parts = new ArrayList<>();
      add(parts, "adds", adds);
      add(parts, "removes", removes);
      add(parts, "changes", changes);
      return parts.isEmpty() ? "nothing a merge would take" : String.join("; ", parts);
    }

    private static void add(List<String> parts, String verb, List<String> names) {
      if (!names.isEmpty()) {
        int more = names.size() - 5;
        parts.add(
            verb
                + " "
                + String.join(", ", names.subList(0, Math.min(5, names.size())))
                + (more > 0 ? " and " + more + " more" : ""));
      }
    }
  }

  static ConflictsView of(Documents documents, List<Document> losers) {
    return new ConflictsView(losers.stream().map(loser -> Entry.of(loser, documents)).toList());
  }

  void print(PrintStream out) {
    if (conflicts.isEmpty()) {
      out.println("no conflicts");
      return;
    }
    Table table = new Table("TYPE", "VERSION", "SIGNED", "OPERATOR", "HASH", "WHAT");
    for (Entry c : conflicts) {
      table.row(
          c.type,
          c.version,
          c.issued,
          OperatorCommand.shown(c.operator),
          c.hash.substring(0, SHOWN_HASH),
          c.type.equals(DocumentType.LIST.word()) ? c.told() : "");
    }
    table.print(out);
    out.println("`smon machines conflicts --merge` takes them in, `--drop` puts them aside");
  }
}
