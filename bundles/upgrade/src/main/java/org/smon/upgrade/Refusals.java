// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.smon.api.State;

/**
 * Which releases this machine will not try, and why (R23). What its trial showed, or a quarantine,
 * is on disk and holds for good; what was wrong with the machine itself, as a full disk is, holds
 * for a while. Thread-safe.
 */
final class Refusals {
  static final long FOR_NOW_MILLIS = 600_000;

  private static final String NAME = "refused";
  private static final int MOST = 16;

  /** Marks a reason that is not this machine's own. */
  private static final String OTHERS = "others ";

  private final State state;
  private final LongSupplier clock;
  private final Map<String, String> reasons = new LinkedHashMap<>();
  private Passing passing;

  private record Passing(String release, String reason, long sinceMillis) {}

  /**
   * @param clock milliseconds from any origin, never going back
   */
  Refusals(State state, LongSupplier clock) throws IOException {
    this.state = state;
    this.clock = clock;
    String text =
        state.read(NAME).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
    text.lines()
        .filter(line -> line.indexOf(' ') > 0)
        .forEach(
            line ->
                reasons.put(
                    line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
  }

  synchronized Optional<String> of(String release) {
    String reason = reasons.get(release);
    if (reason != null) {
      return Optional.of(reason.startsWith(OTHERS) ? reason.substring(OTHERS.length()) : reason);
    }
    boolean passes = passing != null && clock.getAsLong() - passing.sinceMillis() > FOR_NOW_MILLIS;
    return passing == null || passes || !passing.release().equals(release)
        ? Optional.empty()
        : Optional.of(passing.reason());
  }

  /** True if this machine itself has reason to refuse it, now or for good. */
  synchronized boolean isOwn(String release) {
    return of(release).isPresent() && !reasons.getOrDefault(release, "").startsWith(OTHERS);
  }

  /** Its trial here showed it. In force at once, also where it cannot be kept on disk. */
  void add(String release, String reason) throws IOException {
    keep(release, reason);
  }

  /** Others found it bad. */
  void addOfOthers(String release, String reason) throws IOException {
    keep(release, OTHERS + reason);
  }

  synchronized void addForNow(String release, String reason) {
    passing = new Passing(release, reason, clock.getAsLong());
  }

  private synchronized void keep(String release, String reason) throws IOException {
    reasons.remove(release);
    reasons.put(release, reason.replace('\n', ' '));
    if (reasons.size() > MOST) {
      reasons.remove(reasons.keySet().iterator().next());
    }
    StringBuilder text = new StringBuilder();
    reasons.forEach((hash, why) -> text.append(hash).append(' ').append(why).append('\n'));
    state.write(NAME, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
