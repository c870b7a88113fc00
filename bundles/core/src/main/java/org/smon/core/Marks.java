// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.Arrays;
import java.util.BitSet;
import org.smon.core.Rollout.Mark;

/**
 * What is known of each machine in a rollout, by rank. Each machine is in one of the sets at most.
 * Joining keeps the stronger mark of each, so it is commutative, associative and idempotent.
 */
final class Marks {
  final BitSet absent = new BitSet();
  final BitSet proved = new BitSet();
  final BitSet refused = new BitSet();

  Mark of(int rank) {
    if (refused.get(rank)) {
      return Mark.REFUSED;
    }
    if (proved.get(rank)) {
      return Mark.PROVED;
    }
    return absent.get(rank) ? Mark.ABSENT : Mark.UNKNOWN;
  }

  /** True if it was stronger than what was there. */
  boolean raise(int rank, Mark mark) {
    if (mark.compareTo(of(rank)) <= 0) {
      return false;
    }
    absent.set(rank, mark == Mark.ABSENT);
    proved.set(rank, mark == Mark.PROVED);
    refused.set(rank, mark == Mark.REFUSED);
    return true;
  }

  /** True if it brought anything new. */
  boolean join(Marks other) {
    int before = strength();
    refused.or(other.refused);
    proved.or(other.proved);
    proved.andNot(refused);
    absent.or(other.absent);
    absent.andNot(proved);
    absent.andNot(refused);
    return strength() > before;
  }

  /** Grows whenever a mark does. */
  private int strength() {
    return absent.cardinality() + 2 * proved.cardinality() + 3 * refused.cardinality();
  }

  void clear(int rank) {
    absent.clear(rank);
    proved.clear(rank);
    refused.clear(rank);
  }

  boolean isEmpty() {
    return absent.isEmpty() && proved.isEmpty() && refused.isEmpty();
  }

  /** How many take part, that is are neither absent nor refused, of those before that rank. */
  int partakersBefore(int rank) {
    BitSet out = absent.get(0, rank);
    out.or(refused.get(0, rank));
    return rank - out.cardinality();
  }

  /** One more than the highest rank that proved or refused it. */
  int triedLength() {
    return Math.max(proved.length(), refused.length());
  }

  /**
   * Two planes of one bit a rank, the lowest rank in the lowest bit: proved or refused; absent or
   * refused.
   */
  byte[] toBytes(int size) {
    BitSet tried = (BitSet) proved.clone();
    tried.or(refused);
    BitSet out = (BitSet) absent.clone();
    out.or(refused);
    int plane = planeBytes(size);
    byte[] bytes = Arrays.copyOf(tried.toByteArray(), 2 * plane);
    byte[] second = out.toByteArray();
    System.arraycopy(second, 0, bytes, plane, second.length);
    return bytes;
  }

  /** Null if these are no marks of so many machines. */
  static Marks ofBytes(byte[] bytes, int size) {
    int plane = planeBytes(size);
    if (bytes.length != 2 * plane) {
      return bytes.length == 0 ? new Marks() : null;
    }
    BitSet tried = BitSet.valueOf(Arrays.copyOf(bytes, plane));
    BitSet out = BitSet.valueOf(Arrays.copyOfRange(bytes, plane, 2 * plane));
    if (Math.max(tried.length(), out.length()) > size) {
      return null;
    }
    Marks marks = new Marks();
    marks.refused.or(tried);
    marks.refused.and(out);
    marks.proved.or(tried);
    marks.proved.andNot(out);
    marks.absent.or(out);
    marks.absent.andNot(tried);
    return marks;
  }

  private static int planeBytes(int size) {
    return (size + 7) / 8;
  }
}
