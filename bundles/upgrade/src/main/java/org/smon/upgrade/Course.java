// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Machine;
import org.smon.api.Release;
import org.smon.api.Version;
import org.smon.core.Rollout;
import org.smon.core.Rollout.Mark;
import org.smon.core.Rollout.Verdict;
import org.smon.core.WaveOrder;
import org.smon.wire.RolloutMessage;

/**
 * How one release is coming along, as far as this machine has heard, with what takes a clock: who
 * is silent, and when nothing has moved for so long that nobody is waited for. Thread-safe.
 */
final class Course {
  private static final int SILENT_TIMES = 2;

  private static final int MOST_ASKED_AGAIN = 4;

  /** As long as a process takes at most to be replaced by one on the old set, after a hang. */
  private static final long SILENCE_MILLIS = 45_000;

  /** Beside the probation, what a staged restart may take on a slow machine. */
  private static final long RESTART_MILLIS = 120_000;

  /** Beside the probation, what a slow machine may take to fetch a release and to swap. */
  private static final long STANDSTILL_MILLIS = 90_000;

  private final Document document;
  private final Release release;
  private final String self;
  private final long silenceMillis;
  private final Map<String, Silence> silent = new TreeMap<>();
  private Rollout rollout;
  private int tried;
  private long movedMillis;

  private record Silence(long sinceMillis, int times) {
    Silence more() {
      return new Silence(sinceMillis, times + 1);
    }
  }

  /**
   * @param restarts whether machines are started anew by it: then one that is silent may be just
   *     about to prove it, and is not replaced by the next so soon
   * @param nowMillis monotonic, from any origin
   */
  Course(Document document, Documents documents, String self, boolean restarts, long nowMillis) {
    this.document = document;
    this.release = Release.ofBody(document.body());
    this.silenceMillis = restarts ? restartMillis(release) : SILENCE_MILLIS;
    this.self = self;
    this.rollout = new Rollout(order(documents), release.plan().waves(), self);
    this.movedMillis = nowMillis;
  }

  Document document() {
    return document;
  }

  Release release() {
    return release;
  }

  String hash() {
    return document.hash();
  }

  /** The machine list may have changed. */
  synchronized void follow(Documents documents) {
    if (!listHash(documents).equals(rollout.order().listHash())) {
      rollout = rollout.withOrder(order(documents));
    }
  }

  /** This machine's own. */
  synchronized void mark(Mark mark) {
    rollout.mark(self, mark);
  }

  synchronized void merge(RolloutMessage message) {
    boolean mine = hash().equals(message.release());
    if (mine && message.marks() != null && message.from() != null && message.list() != null) {
      try {
        byte[] marks = Base64.getDecoder().decode(message.marks());
        rollout.merge(message.from(), message.list(), marks);
        silent.remove(message.from());
      } catch (IllegalArgumentException e) {
        return; // not of ours: as good as not sent
      }
    }
  }

  /**
   * @param stocked whether all of the release's files are here
   */
  synchronized RolloutMessage message(boolean stocked) {
    String marks = Base64.getEncoder().encodeToString(rollout.marks());
    return new RolloutMessage(self, hash(), rollout.order().listHash(), marks, stocked);
  }

  synchronized Verdict verdict() {
    return rollout.verdict();
  }

  /** With whom to exchange marks now: a random machine, and the one that was silent just now. */
  synchronized List<String> partners(RandomGenerator random) {
    Set<String> partners = new LinkedHashSet<>();
    silent.keySet().stream().limit(MOST_ASKED_AGAIN).forEach(partners::add);
    String next = rollout.partner(random);
    if (next != null) {
      partners.add(next);
    }
    return List.copyOf(partners);
  }

  /** What became of an exchange; one answer may get lost. */
  synchronized void exchanged(String machine, boolean answered, long nowMillis) {
    Silence before = silent.remove(machine);
    if (answered) {
      return;
    }
    Silence now = before == null ? new Silence(nowMillis, 1) : before.more();
    if (now.times() >= SILENT_TIMES && nowMillis - now.sinceMillis() >= silenceMillis) {
      rollout.mark(machine, Mark.ABSENT);
    } else {
      silent.put(machine, now);
    }
  }

  /** A wave in which nothing moves any more is not waited for. */
  synchronized void lookAtClock(long nowMillis) {
    int now = rollout.proved() + rollout.refused() + rollout.absent();
    long patience = STANDSTILL_MILLIS + 2_000L * release.plan().probationSeconds();
    if (now != tried) {
      tried = now;
      movedMillis = nowMillis;
    } else if (nowMillis - movedMillis > patience && rollout.skipAwaited()) {
      movedMillis = nowMillis;
    }
  }

  synchronized int wave() {
    return rollout.wave();
  }

  synchronized int waves() {
    return rollout.waves();
  }

  synchronized int proved() {
    return rollout.proved();
  }

  synchronized int refused() {
    return rollout.refused();
  }

  synchronized boolean complete() {
    return rollout.complete();
  }

  private static long restartMillis(Release release) {
    return RESTART_MILLIS + 1_000L * release.plan().probationSeconds();
  }

  private WaveOrder order(Documents documents) {
    List<String> names = documents.list().machines().stream().map(Machine::name).toList();
    return new WaveOrder(document.hash(), names, listHash(documents));
  }

  private static String listHash(Documents documents) {
    return documents.versions().of(DocumentType.LIST).map(Version::hash).orElse("");
  }
}
