// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.smon.api.Document;
import org.smon.api.Documents.Offer.Verdict;
import org.smon.api.RefusedException;
import org.smon.wire.HoldersMessage;
import org.smon.wire.Parcel;
import org.smon.wire.PeerApi;
import org.smon.wire.Receipt;

/**
 * Hands one document to several peers at once and collects who has it on disk. What a peer holds
 * already, or can build upon, is not sent again. Calls block. One thread.
 */
final class Delivery {
  private static final int ABREAST = 16;
  private static final int PASS_MILLIS = 6_000;
  private static final int ASKED = 32;
  private static final int UNASKED_CHARS = 4 << 10;

  private final Overlay overlay;
  private final Document document;
  private final Parcel unasked;
  private final Parcel whole;
  private final Set<String> holders = new LinkedHashSet<>();
  private final Map<String, String> refusals = new LinkedHashMap<>();
  private Document newer;
  private Document builtUpon;

  /** A peer's answer; the receipt is null if there was none. */
  private record Answer(String machine, Receipt receipt, String refusal) {}

  /**
   * @param base what this home held before, which peers most likely hold still, or null
   */
  Delivery(Overlay overlay, Document document, Document base) {
    this.overlay = overlay;
    this.document = document;
    this.whole = Parcel.whole(document);
    this.unasked = unasked(document, base, whole);
  }

  /** Machines that have it on disk, or something that builds upon it. */
  Set<String> holders() {
    return holders;
  }

  /** What won against it at some peer, or null. */
  Document newer() {
    return newer;
  }

  /** What some peer holds that builds upon it, or null. */
  Document builtUpon() {
    return builtUpon;
  }

  /** One line for each machine that said no. */
  Map<String, String> refusals() {
    return refusals;
  }

  /** Asks these machines once, until so many have it or the pass takes too long. */
  void pass(Collection<String> machines, int enough) {
    ExecutorService threads = Executors.newFixedThreadPool(ABREAST, Overlay::daemon);
    CompletionService<Answer> answers = new ExecutorCompletionService<>(threads);
    Deque<String> open = new ArrayDeque<>(machines);
    open.removeAll(holders);
    refusals.clear();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PASS_MILLIS);
    try {
      int running = 0;
      while (holders.size() < enough && newer == null) {
        while (running < ABREAST && !open.isEmpty()) {
          String machine = open.poll();
          answers.submit(() -> ask(machine));
          running++;
        }
        long left = deadline - System.nanoTime();
        Future<Answer> answer = running == 0 ? null : answers.poll(left, TimeUnit.NANOSECONDS);
        if (answer == null) {
          return;
        }
        running--;
        note(answer.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    } catch (ExecutionException e) {
      throw new FailedException(Main.told(e.getCause()), e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * Asks the first holder which of these have it by now: others may be out of this client's reach.
   */
  void askFirstHolder(Collection<String> machines) {
    List<String> others = machines.stream().filter(m -> !holders.contains(m)).limit(ASKED).toList();
    if (holders.isEmpty() || others.isEmpty()) {
      return;
    }
    try {
      HoldersMessage query = new HoldersMessage(document.type().word(), document.hash(), others);
      overlay.peer(holders.iterator().next()).holders(query).machines().stream()
          .filter(others::contains)
          .forEach(holders::add);
    } catch (UncheckedIOException | RefusedException e) {
      return; // what it said of itself stands
    }
  }

  private Answer ask(String machine) {
    try {
      PeerApi peer = overlay.peer(machine);
      Receipt receipt = peer.take(unasked);
      if (receipt.wantsMore()) {
        receipt = peer.take(whole);
      }
      return new Answer(machine, receipt, receipt.reason());
    } catch (RefusedException e) {
      return new Answer(machine, null, Main.told(e));
    } catch (UncheckedIOException e) {
      return new Answer(machine, null, null);
    }
  }

  private static Parcel unasked(Document document, Document base, Parcel whole) {
    if (base != null) {
      return Parcel.between(base, document);
    }
    return document.text().length() <= UNASKED_CHARS ? whole : Parcel.notice(document);
  }

  private void note(Answer answer) {
    Receipt receipt = answer.receipt();
    Document instead =
        receipt == null || receipt.newer() == null ? null : receipt.newer().open(document);
    boolean built = instead != null && instead.ancestors().contains(document.hash());
    builtUpon = built ? instead : builtUpon;
    if (receipt != null && (receipt.isHeld() || built)) {
      holders.add(answer.machine());
      overlay.remember(answer.machine());
    } else if (instead != null) {
      newer = instead;
    } else if (receipt != null && receipt.verdict() == Verdict.REFUSED
        || receipt == null && answer.refusal() != null) {
      refusals.put(answer.machine(), answer.refusal());
    }
  }
}
