// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.MachineList;
import org.smon.api.Names;
import org.smon.membership.ListMerge;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon machines conflicts} (R32, T5). */
@Command(
    name = "conflicts",
    description = {
      "Shows edits that lost against another operator's edit of the same version; nothing is lost.",
      "--merge takes what they say into the list, --drop puts them aside for good."
    })
final class MachinesConflictsCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "HASH",
      description = "only those whose hash begins so (default: all)")
  private List<String> hashes = List.of();

  @Option(names = "--merge", description = "sign a list with what they add, remove and change")
  private boolean merge;

  @Option(names = "--drop", description = "sign what is in force anew, and forget them")
  private boolean drop;

  @Mixin private AcknowledgeOptions acknowledge;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (merge && drop) {
      throw new ParameterException(spec.commandLine(), "give one of --merge and --drop");
    }
    Smon smon = Smon.of(spec);
    ClientHome home = smon.home();
    Console console = smon.console();
    Newest newest = new Newest(home, console);
    newest.fetch(DocumentType.LIST);
    newest.fetchConflicts();
    List<Document> chosen = chosen(home.documents());
    if (merge) {
      merge(home, console, ofType(chosen, DocumentType.LIST));
    } else if (drop) {
      drop(home, console, chosen);
    } else {
      ConflictsView view = ConflictsView.of(home.documents(), chosen);
      console.result(view);
      if (!console.json()) {
        view.print(console.out());
      }
    }
    return ExitStatus.DONE;
  }

  private void merge(ClientHome home, Console console, List<Document> losers) {
    if (losers.isEmpty()) {
      throw new FailedException("there is no conflict about the machine list to merge");
    }
    MachineList merged = home.documents().list();
    for (Document loser : losers) {
      ListMerge merge = ListMerge.of(merged, MachineList.ofBody(loser.body()));
      merge.remarks().forEach(remark -> console.note("smon: " + remark));
      merged = merge.list();
    }
    new ListChange(home, console, acknowledge).commit(merged, settled(losers));
  }

  private void drop(ClientHome home, Console console, List<Document> losers) {
    if (losers.isEmpty()) {
      throw new FailedException("there is no conflict to drop");
    }
    for (DocumentType type : DocumentType.values()) {
      List<Document> some = ofType(losers, type);
      if (!some.isEmpty()) {
        home.sign(type, home.documents().held(type).orElseThrow().body(), settled(some));
        new Publication(home, console).acknowledge(type, acknowledge.timeoutSeconds);
      }
    }
    console.say("dropped: " + losers.size());
    console.result(ConflictsView.of(home.documents(), all(home.documents())));
  }

  private List<Document> chosen(Documents documents) {
    List<Document> all = all(documents);
    if (hashes.isEmpty()) {
      return all;
    }
    List<Document> chosen = new ArrayList<>();
    for (String prefix : hashes) {
      List<Document> found = all.stream().filter(d -> d.hash().startsWith(prefix)).toList();
      if (found.size() != 1) {
        throw new FailedException(
            (found.isEmpty() ? "no conflict" : found.size() + " conflicts")
                + " with hash "
                + Names.quote(prefix)
                + "; `smon machines conflicts` shows them");
      }
      chosen.addAll(found);
    }
    return chosen;
  }

  static List<Document> all(Documents documents) {
    List<Document> all = new ArrayList<>();
    for (DocumentType type : DocumentType.values()) {
      all.addAll(documents.conflicts(type));
    }
    return all;
  }

  private static List<Document> ofType(List<Document> documents, DocumentType type) {
    return documents.stream().filter(document -> document.type() == type).toList();
  }

  private static List<String> settled(List<Document> losers) {
    return losers.stream().map(Document::hash).toList();
  }
}
