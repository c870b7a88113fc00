// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.smon.api.Release.Waves;

/**
 * One machine's view of how a release is coming along, and what follows from it for this machine
 * (R23): canaries first, then growing waves, each after the one before has proved the release; a
 * stop everywhere when too many refuse it.
 *
 * <p>A wave is the first m machines in the {@link WaveOrder} that are neither absent nor refused,
 * so whoever fails for reasons of its own, or cannot be reached, is replaced by the next, and each
 * part of a partition has canaries of its own. A gate opens when m machines have proved the
 * release, or when some have and nobody is left to wait for.
 *
 * <p>What a machine makes of a release is for it alone to say; the others pass it on. That nobody
 * reaches a machine is hearsay, and true for a part of the overlay only. So the absences another
 * tells of are not believed if more than a quarter of those whom this machine met lately are among
 * them, and its own are forgotten likewise: otherwise a small part that has finished would open all
 * gates at once when it meets the large one. Who has K_E can forge marks. That delays, stops or
 * hastens a release that an operator signed, and no more.
 *
 * <p>Not thread-safe; one owner.
 */
public final class Rollout {
  /** What is known of a machine; the later ones win. */
  public enum Mark {
    /** Its turn has not come, it is trying, or nobody has heard. */
    UNKNOWN,
    /** Cannot be reached or takes too long: nobody waits for it. It may still prove it later. */
    ABSENT,
    /** The release has come through its probation there. */
    PROVED,
    /** It did not, and the machine went back. */
    REFUSED
  }

  /** What this machine has to do. */
  public enum Verdict {
    /** Its turn has not come, or it has done its part and others have not. */
    WAIT,
    /** It is its turn, and it has neither proved nor refused the release. */
    MAY_ADOPT,
    /** Too many refused: nobody may adopt it, and who has goes back. Never taken back. */
    QUARANTINED,
    /** All that can be reached have proved or refused it, this machine too. */
    COMPLETE
  }

  private static final int MOST_AWAITED = 64;
  private static final int ABSENT_PARTNER_ONCE_IN = 8;
  private static final int MOST_DRAWS = 64;

  private final WaveOrder order;
  private final Waves plan;
  private final String self;
  private final int own;
  private final int[] targets;

  /** Of each machine, and, behind the last, whether it is quarantined. */
  private final Marks marks;

  private final Presence presence;

  /** The marks as they are told; null if they have changed since. */
  private byte[] told;

  /**
   * @param self the own machine's name; one that is not in the list never gets a turn
   */
  public Rollout(WaveOrder order, Waves plan, String self) {
    this.order = order;
    this.plan = plan;
    this.self = self;
    this.own = order.rankOf(self);
    this.targets = WaveTargets.of(plan, order.size());
    this.presence = new Presence(own);
    this.marks = new Marks(order.size() + 1);
  }

  /** The same view under another machine list: what is known of machines is kept by name. */
  public Rollout withOrder(WaveOrder other) {
    Rollout moved = new Rollout(other, plan, self);
    for (int rank = 0; rank < order.size(); rank++) {
      int there = other.rankOf(order.name(rank));
      if (there >= 0) {
        carry(rank, moved, there);
      }
    }
    presence.copyTo(moved.presence, order, other);
    moved.marks.raise(other.size(), marks.of(order.size()));
    moved.judge();
    return moved;
  }

  private void carry(int rank, Rollout moved, int there) {
    if (marks.isSetAside(rank)) {
      moved.marks.setAside(there);
    } else {
      moved.marks.raise(there, marks.of(rank));
    }
  }

  /**
   * What this machine itself has seen: its own trial's end, or that another cannot be reached after
   * a third try. A weaker mark than the one that is there changes nothing.
   *
   * @return true if it changed anything
   */
  public boolean mark(String machine, Mark mark) {
    int rank = order.rankOf(machine);
    if (rank < 0 || rank == own && mark == Mark.ABSENT) {
      return false;
    }
    if (mark == Mark.ABSENT) {
      presence.lost(rank);
    }
    return judged(marks.raise(rank, mark));
  }

  /**
   * Takes in what another has heard. What this machine knew before it was started anew is taken in
   * likewise, as from itself, and before it marks itself.
   *
   * @param from the other machine, which is thereby known to be there
   * @param theirs as {@link #marks} gave it there; ignored if it is of another list, or malformed
   * @return true if it changed anything
   */
  public boolean merge(String from, String listHash, byte[] theirs) {
    boolean forgot = meet(order.rankOf(from));
    if (!listHash.equals(order.listHash()) || Arrays.equals(theirs, told())) {
      return forgot;
    }
    Marks heard = Marks.ofBytes(theirs, order.size() + 1);
    return heard == null ? forgot : forgot | judged(marks.join(credible(heard)));
  }

  /**
   * For {@link #merge} at another: two bits a machine by rank, and two more that say whether it is
   * quarantined. Empty if there is nothing to tell.
   */
  public byte[] marks() {
    return told().clone();
  }

  public Verdict verdict() {
    if (quarantined()) {
      return Verdict.QUARANTINED;
    }
    if (own >= 0 && marks.of(own) == Mark.UNKNOWN && isOwnTurn()) {
      return Verdict.MAY_ADOPT;
    }
    return complete() ? Verdict.COMPLETE : Verdict.WAIT;
  }

  /**
   * Who stands in for one that refused waits until the wave itself has come to an end: others of it
   * may be about to refuse it too, and then one machine more would have tried it for nothing.
   */
  private boolean isOwnTurn() {
    int partakers = marks.partakersBefore(own);
    boolean standsIn = partakers + marks.refusedBefore(own) >= target();
    return partakers < target() && !(standsIn && marks.hasUnknownAmongFirst(target()));
  }

  /**
   * With whom to exchange marks next, say once a second: any other, each as likely; an absent one
   * less often, but often enough for parts of a partition to find each other. An exchange that
   * fails, and fails again a while later, is how an absent machine is found; any answer, be it a
   * refusal, is a sign of life.
   *
   * @return null if there is no other
   */
  public String partner(RandomGenerator random) {
    int others = own < 0 ? order.size() : order.size() - 1;
    if (others == 0) {
      return null;
    }
    boolean absentToo = random.nextInt(ABSENT_PARTNER_ONCE_IN) == 0;
    int drawn = otherThanOwn(random.nextInt(others));
    for (int i = 0; i < MOST_DRAWS && !absentToo && marks.isAbsent(drawn); i++) {
      drawn = otherThanOwn(random.nextInt(others));
    }
    return order.name(drawn);
  }

  /** The first few others that the running wave still waits for. */
  public List<String> awaited() {
    return unknownInWave(MOST_AWAITED).stream().map(order::name).toList();
  }

  /**
   * Waits no longer for those the running wave waits for, itself excepted: for the owner to call
   * when nothing has been proved or refused for so long that even a slow machine would be done.
   * That is by its own clock, so it counts in this view alone and is not passed on.
   *
   * @return true if there were any
   */
  public boolean skipAwaited() {
    List<Integer> skipped = unknownInWave(Integer.MAX_VALUE);
    skipped.forEach(marks::setAside);
    return !skipped.isEmpty();
  }

  /** One that was skipped is absent. */
  public Mark markOf(String machine) {
    int rank = order.rankOf(machine);
    return rank < 0 ? Mark.UNKNOWN : marks.of(rank);
  }

  /** The running wave, from 1; the last one when all is done. */
  public int wave() {
    return running() + 1;
  }

  public int waves() {
    return targets.length;
  }

  /** How many machines the running wave and those before it are, together. */
  public int target() {
    return targets[running()];
  }

  public int proved() {
    return marks.proved();
  }

  public int refused() {
    return quarantined() ? marks.refused() - 1 : marks.refused();
  }

  public int absent() {
    return marks.absent();
  }

  public boolean quarantined() {
    return marks.of(order.size()) == Mark.REFUSED;
  }

  /**
   * All machines that can be reached have proved or refused it, and some have proved it. A machine
   * that joins the list, or many that were absent and are there again, make it false for a while.
   */
  public boolean complete() {
    return !quarantined() && isOpen(order.size());
  }

  /** The own machine's name. */
  public String self() {
    return self;
  }

  public WaveOrder order() {
    return order;
  }

  private int running() {
    int wave = 0;
    while (wave < targets.length - 1 && isOpen(targets[wave])) {
      wave++;
    }
    return wave;
  }

  private boolean isOpen(int target) {
    int proved = proved();
    return proved > 0 && (proved >= target || proved + refused() + absent() == order.size());
  }

  private int otherThanOwn(int drawn) {
    return own >= 0 && drawn >= own ? drawn + 1 : drawn;
  }

  private List<Integer> unknownInWave(int most) {
    List<Integer> unknown = new ArrayList<>();
    int left = target();
    for (int rank = 0; rank < order.size() && left > 0 && unknown.size() < most; rank++) {
      Mark mark = marks.of(rank);
      left -= mark == Mark.UNKNOWN || mark == Mark.PROVED ? 1 : 0;
      if (mark == Mark.UNKNOWN && rank != own) {
        unknown.add(rank);
      }
    }
    return unknown;
  }

  /** Leaves of what another tells what this one takes from it. */
  private Marks credible(Marks heard) {
    if (presence.contradicts(heard)) {
      heard.forgetAbsent();
    }
    if (own >= 0 && heard.isAbsent(own)) {
      heard.clear(own);
    }
    if (plan == Waves.FORCED || heard.of(order.size()) != Mark.REFUSED) {
      heard.clear(order.size());
    }
    return heard;
  }

  private boolean meet(int rank) {
    presence.met(rank);
    if (!presence.contradicts(marks)) {
      return false;
    }
    marks.forgetAbsent();
    told = null;
    return true;
  }

  private byte[] told() {
    if (told == null) {
      told = marks.toBytes();
    }
    return told;
  }

  private boolean judged(boolean changed) {
    if (changed) {
      judge();
      told = null;
    }
    return changed;
  }

  /** At least two refused (one of a lone machine), and a fifth of those that tried. */
  private void judge() {
    int refused = refused();
    if (plan == Waves.FORCED || refused < Math.min(2, order.size())) {
      return;
    }
    int tried = refused + Math.max(proved(), WaveTargets.behind(targets, furthest()));
    if (refused > 0 && 5 * refused >= tried) {
      marks.raise(order.size(), Mark.REFUSED);
    }
  }

  /**
   * How many come before the last one that has tried: it got its turn through gates that opened, so
   * a view that lacks what opened them does not judge by the refusals alone that it knows.
   */
  private int furthest() {
    return marks.partakersBefore(Math.min(order.size(), Math.max(0, marks.lastTried())));
  }
}
