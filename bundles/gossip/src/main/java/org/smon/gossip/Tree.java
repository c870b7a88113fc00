// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.smon.api.RefusedException;
import org.smon.wire.Connections;
import org.smon.wire.PeerApi;

/**
 * Asks many peers through a tree: the names are cut into at most 16 branches, the first peer of a
 * branch that answers asks the rest of it in the same way. So a question to N peers takes log16(N)
 * hops and no peer talks to more than 16. Who stays silent is simply not in the answers.
 */
final class Tree {
  static final int BRANCHES = 16;

  /** Each hop keeps this much of the deadline for its own way back. */
  private static final int HOP_MILLIS = 200;

  private static final int CONNECT_MILLIS = 700;

  /** Always the same, for another time-out means another client and its handshake. */
  private static final int ANSWER_MILLIS = 3_000;

  private final ExecutorService workers;
  private final Connections connections;
  private final Reach reach;

  Tree(ExecutorService workers, Connections connections, Reach reach) {
    this.workers = workers;
    this.connections = connections;
    this.reach = reach;
  }

  /** What to ask the head of a branch. */
  interface Question<T> {
    T ask(PeerApi head, List<String> branch, int deadlineMillis) throws RefusedException;
  }

  /** Blocks until all branches answered or the deadline is over. */
  <T> List<T> ask(List<String> machines, int port, int deadlineMillis, Question<T> question) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(deadlineMillis - HOP_MILLIS);
    List<Future<T>> asked = new ArrayList<>();
    for (List<String> branch : branches(machines)) {
      Callable<T> task = () -> askFirstThatAnswers(branch, port, deadline, question);
      asked.add(workers.submit(task));
    }
    List<T> answers = new ArrayList<>();
    for (Future<T> future : asked) {
      T answer = await(future, deadline);
      if (answer != null) {
        answers.add(answer);
      }
    }
    return answers;
  }

  static List<List<String>> branches(List<String> machines) {
    int size = Math.max(1, (machines.size() + BRANCHES - 1) / BRANCHES);
    List<List<String>> branches = new ArrayList<>();
    for (int from = 0; from < machines.size(); from += size) {
      branches.add(machines.subList(from, Math.min(machines.size(), from + size)));
    }
    return branches;
  }

  private <T> T askFirstThatAnswers(
      List<String> branch, int port, long deadline, Question<T> question) {
    for (int i = 0; i < branch.size() && millisLeft(deadline) > 0; i++) {
      String head = branch.get(i);
      if (!reach.accepts(head, port, Math.min(CONNECT_MILLIS, millisLeft(deadline)))) {
        continue;
      }
      int left = Math.max(1, millisLeft(deadline));
      try {
        return question.ask(
            connections.peer(head, port, ANSWER_MILLIS), branch.subList(i, branch.size()), left);
      } catch (RuntimeException | RefusedException e) {
        continue; // silent is an answer; the next one takes the branch
      }
    }
    return null;
  }

  private static int millisLeft(long deadline) {
    return (int) TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
  }

  private static <T> T await(Future<T> future, long deadline) {
    try {
      return future.get(Math.max(1, millisLeft(deadline)), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      future.cancel(true);
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
