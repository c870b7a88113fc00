// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.smon.api.Event;
import org.smon.api.Events;

/** Events in memory. */
final class EventList implements Events {
  final List<Event> all = new CopyOnWriteArrayList<>();

  @Override
  public void emit(String kind, String machine, String cause, Map<String, String> detail) {
    all.add(new Event(Instant.EPOCH, "test", kind, machine, cause, detail));
  }

  @Override
  public List<Event> query(String machine, Instant after, int limit) {
    return List.copyOf(all);
  }
}
