// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.smon.api.State;

/** Which releases this machine will not try again, and why; on disk (R23). Thread-safe. */
final class Refusals {
  private static final String NAME = "refused";
  private static final int MOST = 16;

  private final State state;
  private final Map<String, String> reasons = new LinkedHashMap<>();

  Refusals(State state) throws IOException {
    this.state = state;
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
    return Optional.ofNullable(reasons.get(release));
  }

  /** In force at once, also where it cannot be kept on disk. */
  synchronized void add(String release, String reason) throws IOException {
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
