// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.Arrays;
import java.util.BitSet;
import org.smon.core.Rollout.Mark;

/**
 * What is known of each machine in a rollout, by rank, as two planes of one bit each: whether it
 * has tried, and whether it is out, that is absent or refused. Joining keeps the stronger mark of
 * each machine, so it is commutative, associative and idempotent. Words instead of sets of ranks,
 * because peers join a thousand machines' marks with each other all the time.
 */
final class Marks {
  private final int size;
  private final long[] tried;
  private final long[] out;

  /** Out for this view alone, if it has not tried: never told, and not joined. */
  private final long[] late;

  Marks(int size) {
    this(size, new long[words(size)], new long[words(size)]);
  }

  private Marks(int size, long[] tried, long[] out) {
    this.size = size;
    this.tried = tried;
    this.out = out;
    this.late = new long[tried.length];
  }

  Mark of(int rank) {
    if (has(tried, rank)) {
      return has(out, rank) ? Mark.REFUSED : Mark.PROVED;
    }
    return has(out, rank) || has(late, rank) ? Mark.ABSENT : Mark.UNKNOWN;
  }

  /** True if it was stronger than what was there. */
  boolean raise(int rank, Mark mark) {
    if (mark.compareTo(of(rank)) <= 0) {
      return false;
    }
    put(tried, rank, mark == Mark.PROVED || mark == Mark.REFUSED);
    put(out, rank, mark == Mark.ABSENT || mark == Mark.REFUSED);
    return true;
  }

  void setAside(int rank) {
    put(late, rank, true);
  }

  boolean isSetAside(int rank) {
    return has(late, rank);
  }

  void clear(int rank) {
    put(tried, rank, false);
    put(out, rank, false);
  }

  void forgetAbsent() {
    for (int i = 0; i < out.length; i++) {
      out[i] &= tried[i];
    }
  }

  boolean isAbsent(int rank) {
    return has(out, rank) && !has(tried, rank);
  }

  /** True if it brought anything new. */
  boolean join(Marks other) {
    long news = 0;
    for (int i = 0; i < tried.length; i++) {
      long here = out[i] & ~(other.tried[i] & ~tried[i]);
      long there = other.out[i] & ~(tried[i] & ~other.tried[i]);
      news |= (here | there) ^ out[i] | other.tried[i] & ~tried[i];
      out[i] = here | there;
      tried[i] |= other.tried[i];
    }
    return news != 0;
  }

  int proved() {
    int count = 0;
    for (int i = 0; i < tried.length; i++) {
      count += Long.bitCount(tried[i] & ~out[i]);
    }
    return count;
  }

  int refused() {
    int count = 0;
    for (int i = 0; i < tried.length; i++) {
      count += Long.bitCount(tried[i] & out[i]);
    }
    return count;
  }

  /** Those set aside are among them. */
  int absent() {
    int count = 0;
    for (int i = 0; i < tried.length; i++) {
      count += Long.bitCount((out[i] | late[i]) & ~tried[i]);
    }
    return count;
  }

  /** How many take part, that is are neither absent nor refused, of those before that rank. */
  int partakersBefore(int rank) {
    int partakers = rank;
    for (int i = 0; i <= rank >> 6 && i < out.length; i++) {
      partakers -= Long.bitCount((out[i] | late[i] & ~tried[i]) & below(rank, i));
    }
    return partakers;
  }

  int refusedBefore(int rank) {
    int refused = 0;
    for (int i = 0; i <= rank >> 6 && i < out.length; i++) {
      refused += Long.bitCount(tried[i] & out[i] & below(rank, i));
    }
    return refused;
  }

  /** True if one of the first so many that are not absent has come to no end yet. */
  boolean hasUnknownAmongFirst(int present) {
    int seen = 0;
    for (int rank = 0; rank < size - 1 && seen < present; rank++) {
      Mark mark = of(rank);
      if (mark == Mark.UNKNOWN) {
        return true;
      }
      seen += mark == Mark.ABSENT ? 0 : 1;
    }
    return false;
  }

  private static long below(int rank, int word) {
    return word == rank >> 6 ? (1L << rank) - 1 : -1;
  }

  /** The highest rank that proved or refused it; -1 if there is none. */
  int lastTried() {
    return BitSet.valueOf(tried).length() - 1;
  }

  /** The first plane, then the second, the lowest rank in the lowest bit; empty if all is 0. */
  byte[] toBytes() {
    byte[] first = BitSet.valueOf(tried).toByteArray();
    byte[] second = BitSet.valueOf(out).toByteArray();
    if (first.length == 0 && second.length == 0) {
      return first;
    }
    byte[] bytes = Arrays.copyOf(first, 2 * planeBytes(size));
    System.arraycopy(second, 0, bytes, planeBytes(size), second.length);
    return bytes;
  }

  /** Null if these are no marks of so many machines. */
  static Marks ofBytes(byte[] bytes, int size) {
    int plane = planeBytes(size);
    if (bytes.length != 2 * plane) {
      return bytes.length == 0 ? new Marks(size) : null;
    }
    BitSet tried = BitSet.valueOf(Arrays.copyOf(bytes, plane));
    BitSet out = BitSet.valueOf(Arrays.copyOfRange(bytes, plane, 2 * plane));
    if (Math.max(tried.length(), out.length()) > size) {
      return null;
    }
    return new Marks(size, toWords(tried, size), toWords(out, size));
  }

  private static long[] toWords(BitSet bits, int size) {
    return Arrays.copyOf(bits.toLongArray(), words(size));
  }

  private static boolean has(long[] plane, int rank) {
    return (plane[rank >> 6] & 1L << rank) != 0;
  }

  private static void put(long[] plane, int rank, boolean value) {
    long bit = 1L << rank;
    plane[rank >> 6] = value ? plane[rank >> 6] | bit : plane[rank >> 6] & ~bit;
  }

  private static int words(int size) {
    return (size + 63) / 64;
  }

  private static int planeBytes(int size) {
    return (size + 7) / 8;
  }
}
