// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.RefusedException;
import org.smon.wire.PeerApi;

/** {@code smon:machines-edit}: the next machine list, as an operator signed it (R31). */
@Command(
    scope = "smon",
    name = "machines-edit",
    description = "Takes a machine list that an operator signed, and shows what it changes")
@Service
public final class MachinesEditCommand implements Action {
  @Argument(
      name = "document",
      description = "the signed list; in `smon shell` write smon:machines-add or -remove NAME...")
  private String document;

  @Reference private Documents documents;
  @Reference private PeerApi peer;

  @Override
  public Object execute() throws RefusedException {
    MachineList before = documents.list();
    Document signed = SignedHandover.read(document, DocumentType.LIST, "smon machines");
    String told = new SignedHandover(peer).offer(signed);
    MachineList after = documents.list();
    missing("added", after, before);
    missing("removed", before, after);
    System.out.println(told);
    return null;
  }

  private static void missing(String word, MachineList from, MachineList in) {
    List<String> names =
        from.machines().stream().map(Machine::name).filter(name -> !in.contains(name)).toList();
    names.forEach(name -> System.out.println(word + " " + name));
  }
}
