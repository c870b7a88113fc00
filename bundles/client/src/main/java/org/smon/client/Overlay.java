// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.smon.api.Machine;
import org.smon.api.RefusedException;
import org.smon.wire.Connections;
import org.smon.wire.PeerApi;

/**
 * The overlay as the client meets it: any peer is as good as any other (R52), so whoever answers
 * first is believed. Calls block. One thread.
 */
public final class Overlay {
  /** Peers asked at the same time at first, so that a few dead ones do not hold up an answer. */
  private static final int ABREAST = 4;

  /** For each that does not answer two more are asked, up to so many at a time. */
  private static final int MOST_ABREAST = 64;

  /** Of thousands of machines that are all silent nobody waits for the last. */
  private static final int PATIENCE_MILLIS = 60_000;

  private final ClientHome home;
  private final Connections connections;
  private final int timeoutMillis;
  private final int patienceMillis;

  /** A question to one peer. */
  @FunctionalInterface
  public interface Question<T> {
    T ask(PeerApi peer) throws RefusedException;
  }

  /** What a peer answered, and which. */
  public record Answer<T>(String peer, T value) {}

  /** No peer answered. */
  public static final class SilentException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> reasons;
    private final int left;

    SilentException(Map<String, String> reasons, int left) {
      super("no peer answers");
      this.reasons = reasons;
      this.left = left;
    }

    /** One line with the first reason, and how many there was no time for. */
    String told() {
      if (reasons.isEmpty() && left == 0) {
        return "there is no peer to ask";
      }
      return reasons.entrySet().stream()
              .findFirst()
              .map(e -> "no peer answers (" + e.getKey() + ": " + e.getValue() + ")")
              .orElse("no peer answers")
          + (left == 0 ? "" : "; " + left + " machines could not be asked in time");
    }

    /** Why not, by machine. */
    public Map<String, String> reasons() {
      return reasons;
    }
  }

  /**
   * @param timeoutMillis for connecting to a peer, and again for its answer
   */
  public Overlay(ClientHome home, Connections connections, int timeoutMillis) {
    this(home, connections, timeoutMillis, PATIENCE_MILLIS);
  }

  /**
   * @param patienceMillis for any answer at all
   */
  Overlay(ClientHome home, Connections connections, int timeoutMillis, int patienceMillis) {
    this.home = home;
    this.connections = connections;
    this.timeoutMillis = timeoutMillis;
    this.patienceMillis = patienceMillis;
  }

  /** The peer that this machine should run. */
  public PeerApi peer(String machine) {
    return connections.peer(machine, home.documents().settings().gossipPort(), timeoutMillis);
  }

  /** Asks peers until one answers, the one that answered last time first. */
  public <T> Answer<T> ask(Question<T> question) throws SilentException {
    return ask(question, new ArrayDeque<>(peers()));
  }

  /** The same, but no more than so many are asked. */
  <T> Answer<T> askSome(int most, Question<T> question) throws SilentException {
    return ask(question, new ArrayDeque<>(peers().stream().limit(most).toList()));
  }

  private <T> Answer<T> ask(Question<T> question, Deque<String> machines) throws SilentException {
    ExecutorService threads = Executors.newFixedThreadPool(MOST_ABREAST, Overlay::daemon);
    CompletionService<Answer<T>> answers = new ExecutorCompletionService<>(threads);
    Map<String, String> reasons = new ConcurrentSkipListMap<>();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    try {
      int abreast = ABREAST;
      int open = 0;
      while (open > 0 || !machines.isEmpty()) {
        while (open < abreast && !machines.isEmpty()) {
          open += submit(answers, question, machines.poll(), reasons);
        }
        var next = answers.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (next == null) {
          break;
        }
        Answer<T> answer = next.get();
        if (answer != null) {
          remember(answer.peer());
          return answer;
        }
        open--;
        abreast = Math.min(MOST_ABREAST, abreast + 1);
      }
      throw new SilentException(new TreeMap<>(reasons), open + machines.size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    } catch (ExecutionException e) {
      throw new FailedException(Main.told(e.getCause()), e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private <T> int submit(
      CompletionService<Answer<T>> answers,
      Question<T> question,
      String machine,
      Map<String, String> reasons) {
    answers.submit(
        () -> {
          try {
            return new Answer<>(machine, question.ask(peer(machine)));
          } catch (UncheckedIOException | RefusedException e) {
            reasons.put(machine, Main.told(e));
            return null;
          }
        });
    return 1;
  }

  static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "ask");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The list in a random order, so that no peer is everybody's favourite; the last good one first.
   */
  List<String> peers() {
    List<String> names = new ArrayList<>();
    home.documents().list().machines().stream().map(Machine::name).forEach(names::add);
    Collections.shuffle(names);
    String last = lastPeer();
    if (names.remove(last)) {
      names.add(0, last);
    }
    return names;
  }

  private String lastPeer() {
    try {
      return Files.readString(home.lastPeerFile()).strip();
    } catch (IOException e) {
      return "";
    }
  }

  void remember(String peer) {
    try {
      Files.writeString(home.lastPeerFile(), peer + "\n");
    } catch (IOException e) {
      // Only a hint: the next run asks around.
    }
  }
}
