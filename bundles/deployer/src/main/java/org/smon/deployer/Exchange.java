// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents.Offer;
import org.smon.api.InvalidInputException;
import org.smon.api.Version;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/** Documents both ways: adopt before you repair. */
final class Exchange {
  private final SshDeployer.Tools tools;
  private final String machine;

  Exchange(SshDeployer.Tools tools, String machine) {
    this.tools = tools;
    this.machine = machine;
  }

  /** Takes what the machine holds newer; having been older, the deployer touches nothing. */
  void adoptFrom(FarEnd far, Report report) throws VisitEnd {
    List<String> texts = new ArrayList<>();
    for (DocumentType type : DocumentType.values()) {
      if (mayBeNewer(type, report)) {
        Optional.ofNullable(far.text(type.word(), tools.limits().answerMillis()))
            .ifPresent(texts::add);
      }
    }
    List<String> adopted = adopt(texts, machine);
    if (!adopted.isEmpty()) {
      throw new VisitEnd(
          Outcome.OLDER, Step.ADOPT, "the machine had a newer " + String.join(", ", adopted));
    }
  }

  /** Types of which a genuine, newer document came; settings first, for they judge the others. */
  List<String> adopt(List<String> texts, String from) {
    List<String> adopted = new ArrayList<>();
    for (String text : texts) {
      try {
        Document document = Document.parse(text);
        Offer offer = tools.documents().offer(document);
        if (offer.verdict() == Offer.Verdict.ADOPTED) {
          adopted.add(document.type().word());
        } else if (offer.verdict() == Offer.Verdict.REFUSED) {
          emit("refuse", document.type().word() + " from " + from + ": " + offer.reason());
        }
      } catch (InvalidInputException e) {
        emit("refuse", "document from " + from + ": " + e.getMessage());
      }
    }
    return adopted;
  }

  /**
   * Gives the machine what is newer here. Of releases that is the newest one published, which may
   * not be the one that is installed.
   *
   * @return types that the release installed there does not know yet
   */
  List<DocumentType> handIn(FarEnd far, Report report) throws VisitEnd {
    List<DocumentType> newer = new ArrayList<>();
    for (DocumentType type : DocumentType.values()) {
      Optional<Document> held = tools.documents().held(type);
      if (held.isPresent() && differs(held.get(), report)) {
        newer.add(type);
      }
    }
    return handIn(far, newer);
  }

  /** The same for these types, whatever the machine holds. */
  List<DocumentType> handIn(FarEnd far, List<DocumentType> types) throws VisitEnd {
    List<DocumentType> unknown = new ArrayList<>();
    for (DocumentType type : types) {
      byte[] text =
          tools.documents().held(type).orElseThrow().text().getBytes(StandardCharsets.UTF_8);
      String command = "document " + type.word() + " " + text.length;
      if (far.ask(Step.ADOPT, tools.limits().answerMillis(), command, text)
          .rest()
          .equals("unknown")) {
        unknown.add(type);
      }
    }
    return unknown;
  }

  private boolean mayBeNewer(DocumentType type, Report report) {
    Version there = report.version(type);
    Optional<Document> here = tools.documents().held(type);
    return there != null
        && (here.isEmpty()
            || there.counter() >= here.get().counter() && !there.equals(here.get().version()));
  }

  private static boolean differs(Document held, Report report) {
    return !held.version().equals(report.version(held.type()));
  }

  private void emit(String kind, String cause) {
    tools.events().emit(kind, machine, cause, Map.of());
  }
}
