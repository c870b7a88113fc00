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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.smon.api.Machine;
import org.smon.api.RefusedException;
import org.smon.wire.Connections;
import org.smon.wire.PeerApi;

/**
 * The overlay as the client meets it: any peer is as good as any other (R52), so whoever answers
 * first is believed. Calls block. One thread.
 */
public final class Overlay {
  /** Peers asked at the same time, so that a few dead ones do not hold up an answer. */
  private static final int ABREAST = 4;

  private final ClientHome home;
  private final Connections connections;
  private final int timeoutMillis;

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

    SilentException(Map<String, String> reasons) {
      super("no peer answers");
      this.reasons = reasons;
    }

    /** One line with the first reason. */
    String told() {
      return reasons.entrySet().stream()
          .findFirst()
          .map(e -> "no peer answers (" + e.getKey() + ": " + e.getValue() + ")")
          .orElse("there is no peer to ask");
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
    this.home = home;
    this.connections = connections;
    this.timeoutMillis = timeoutMillis;
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
    ExecutorService threads = Executors.newFixedThreadPool(ABREAST, Overlay::daemon);
    CompletionService<Answer<T>> answers = new ExecutorCompletionService<>(threads);
    Map<String, String> reasons = Collections.synchronizedMap(new TreeMap<>());
    try {
      int open = 0;
      while (open < ABREAST && !machines.isEmpty()) {
        open += submit(answers, question, machines.poll(), reasons);
      }
      for (; open > 0; open--) {
        Answer<T> answer = answers.take().get();
        if (answer != null) {
          remember(answer.peer());
          return answer;
        }
        open += machines.isEmpty() ? 0 : submit(answers, question, machines.poll(), reasons);
      }
      throw new SilentException(reasons);
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
