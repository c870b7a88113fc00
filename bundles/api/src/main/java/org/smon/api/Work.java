// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.Optional;

/**
 * A share of the machines still to be deployed (R10): the half-open range [from, to) of a shuffled
 * order of the machine list that all peers derive from the list's hash, so that a share is three
 * values whatever the list's size.
 */
public record Work(String listHash, int from, int to) {
  public Work {
    if (from < 0 || to < from) {
      throw new InvalidInputException("work range " + from + " to " + to + " is not valid");
    }
  }

  public boolean isEmpty() {
    return from == to;
  }

  public int size() {
    return to - from;
  }

  /** {@code listHash from to}, one line. */
  public String line() {
    return listHash + " " + from + " " + to;
  }

  /** Reads {@link #line()}; empty if it is not one. */
  public static Optional<Work> ofLine(String line) {
    String[] part = line.strip().split(" ");
    try {
      return Optional.of(new Work(part[0], Integer.parseInt(part[1]), Integer.parseInt(part[2])));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
