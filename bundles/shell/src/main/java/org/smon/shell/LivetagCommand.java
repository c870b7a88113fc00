// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import java.util.Optional;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Livetag;

/** {@code smon:livetag}: what this peer holds (R26). */
@Command(
    scope = "smon",
    name = "livetag",
    description = "Shows whether the overlay manages itself, as this peer holds it")
@Service
public final class LivetagCommand implements Action {
  @Reference private Documents documents;

  @Override
  public Object execute() {
    Optional<Document> held = documents.held(DocumentType.LIVETAG);
    Livetag livetag = documents.livetag();
    System.out.println(
        "livetag %s, version %d, signed %s%s"
            .formatted(
                livetag.value(),
                held.map(Document::counter).orElse(0L),
                held.map(document -> document.issued().toString()).orElse("by nobody"),
                livetag.value()
                    ? ""
                    : "; a peer without a maintenance ping for "
                        + livetag.quietSeconds()
                        + " s stops itself"));
    return null;
  }
}
