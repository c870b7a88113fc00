// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.smon.api.AgentAddress;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.RefusedException;

/**
 * Hands a document of this home to the overlay; gossip does the rest (R52). It counts as
 * acknowledged once three machines have it on disk, or all of them if the list has fewer: then any
 * two of them may be lost. Until then the home keeps it, and every command publishes it again.
 */
final class Publication {
  static final int DISKS = 3;
  static final int DEFAULT_TIMEOUT_SECONDS = 30;

  private static final int PATIENCE_MILLIS = 3_000;
  private static final int AGENT_PATIENCE_MILLIS = 2_000;
  private static final int PAUSE_MILLIS = 500;
  private static final int NAMED = 5;

  private final ClientHome home;
  private final Console console;
  private final Overlay overlay;

  Publication(ClientHome home, Console console) {
    this.home = home;
    this.console = console;
    this.overlay = new Overlay(home, home.connections(), PATIENCE_MILLIS);
  }

  /**
   * Offers the newest of this type once, and says so if too few have it. Silent while the overlay
   * has never been deployed: the first deployment carries the document.
   */
  void publish(DocumentType type) {
    if (home.everAnswered()) {
      Delivery delivery = delivery(type);
      if (!acknowledged(type, delivery)) {
        console.note(shortfall(type, delivery));
      }
      tellOthers(delivery, type);
    }
  }

  /**
   * Offers it until it is acknowledged; exit status 3 if the time is over first.
   *
   * @param timeoutSeconds 0 to try once
   */
  void acknowledge(DocumentType type, int timeoutSeconds) {
    if (!home.everAnswered()) {
      return;
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    Delivery delivery = delivery(type);
    boolean done = acknowledged(type, delivery);
    if (!done && timeoutSeconds > 0) {
      console.note(shortfall(type, delivery) + "; trying on");
    }
    while (!done && System.nanoTime() - deadline < 0) {
      pause();
      done = acknowledged(type, delivery);
    }
    if (!done) {
      throw FailedException.notConverged(
          shortfall(type, delivery)
              + "; this home keeps it and its next command publishes it again");
    }
    console.note(
        "%s is on %d disks: %s"
            .formatted(
                told(type), delivery.holders().size(), String.join(", ", delivery.holders())));
    tellOthers(delivery, type);
  }

  /** What earlier commands could not have acknowledged is offered again, once and briefly. */
  void resume() {
    for (DocumentType type : home.unacknowledged().types()) {
      try {
        Delivery delivery = delivery(type);
        console.note(
            acknowledged(type, delivery)
                ? "smon: %s, of an earlier command, is acknowledged now".formatted(told(type))
                : "smon: of an earlier command: " + shortfall(type, delivery));
      } catch (OlderException e) {
        home.unacknowledged().remove(type);
        console.note("smon: of an earlier command: " + e.getMessage());
      } catch (FailedException e) {
        console.note("smon: of an earlier command: " + e.getMessage());
      }
    }
  }

  private Delivery delivery(DocumentType type) {
    Document document = home.documents().held(type).orElseThrow();
    return new Delivery(overlay, document, home.before(type));
  }

  /** One more pass. */
  private boolean acknowledged(DocumentType type, Delivery delivery) {
    int enough = Math.min(DISKS, home.documents().list().size());
    delivery.pass(enough == 0 ? leaving(type) : overlay.peers(), Math.max(1, enough));
    if (delivery.newer() != null) {
      throw older(type, delivery.newer());
    }
    if (delivery.builtUpon() != null) {
      follow(type, delivery.builtUpon());
    }
    if (delivery.holders().size() < enough) {
      delivery.askFirstHolder(overlay.peers());
    }
    boolean done = delivery.holders().size() >= enough;
    if (done) {
      home.unacknowledged().remove(type);
    } else if (delivery.holders().isEmpty() && !delivery.refusals().isEmpty()) {
      Map.Entry<String, String> first = delivery.refusals().entrySet().iterator().next();
      throw new FailedException(
          first.getKey() + " refused the " + type.word() + ": " + first.getValue());
    }
    return done;
  }

  /** What this home says is known, and somebody has gone on from there. */
  private void follow(DocumentType type, Document next) {
    home.documents().offer(next);
    if (type == DocumentType.LIVETAG) {
      throw new OlderException(type); // it was switched since
    }
  }

  private OlderException older(DocumentType type, Document newer) {
    Document mine = home.documents().held(type).orElseThrow();
    home.documents().offer(newer);
    home.unacknowledged().remove(type);
    return newer.leavesOut(mine)
        ? OlderException.conflict(type, newer.counter())
        : new OlderException(type);
  }

  /** Such as: list 3. */
  private String told(DocumentType type) {
    return type.word() + " " + home.documents().versions().counter(type);
  }

  private String shortfall(DocumentType type, Delivery delivery) {
    Set<String> holders = delivery.holders();
    int enough = Math.min(DISKS, home.documents().list().size());
    return holders.isEmpty()
        ? "%s is held by 0 of %d: no peer answers, only this home has it"
            .formatted(told(type), enough)
        : "%s is held by %d of %d: safe only while %s"
            .formatted(
                told(type),
                holders.size(),
                enough,
                holders.size() == 1
                    ? holders.iterator().next() + " lives"
                    : String.join(" or ", holders) + " lives");
  }

  /** Agents, which hear of it only when somebody asks them, and machines that leave the list. */
  private void tellOthers(Delivery delivery, DocumentType type) {
    Document document = home.documents().held(type).orElseThrow();
    for (AgentAddress agent : home.documents().settings().agents()) {
      try {
        home.connections()
            .agent(agent.host(), agent.port(), agent.publicKey(), AGENT_PATIENCE_MILLIS)
            .offer(document.text());
      } catch (UncheckedIOException | RefusedException e) {
        continue; // it takes it from the first requester that holds it
      }
    }
    List<String> leaving = leaving(type);
    if (!leaving.isEmpty()) {
      delivery.pass(leaving, Integer.MAX_VALUE);
      leaving.removeAll(delivery.holders());
      remindOfUntold(leaving);
    }
  }

  private void remindOfUntold(List<String> untold) {
    if (!untold.isEmpty()) {
      int more = untold.size() - NAMED;
      console.note(
          "smon: no peer answers at "
              + String.join(", ", untold.subList(0, Math.min(NAMED, untold.size())))
              + (more > 0 ? " and " + more + " more" : "")
              + "; one that runs there leaves when it meets any of the others, one that does not"
              + " leaves its files, which `smon purge NAME` removes");
    }
  }

  /** Whom the newest list leaves out and the one before did not: they are told at once. */
  private List<String> leaving(DocumentType type) {
    Document before = home.before(type);
    if (type != DocumentType.LIST || before == null) {
      return new ArrayList<>();
    }
    Set<String> names = new LinkedHashSet<>();
    MachineList.ofBody(before.body()).machines().stream().map(Machine::name).forEach(names::add);
    names.removeIf(home.documents().list()::contains);
    return new ArrayList<>(names);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    }
  }
}
