// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.smon.api.Event;
import org.smon.wire.EventsQuery;

/**
 * The event logs of all peers, with the client's own beside them: it put the first peer in place.
 */
final class EventSource {
  private static final int PATIENCE_MILLIS = 8_000;

  private final ClientHome home;
  private final Overlay overlay;

  EventSource(ClientHome home, Overlay overlay) {
    this.home = home;
    this.overlay = overlay;
  }

  static EventSource of(ClientHome home) {
    return new EventSource(home, new Overlay(home, home.connections(), PATIENCE_MILLIS));
  }

  /** In the order of their times, at most the query's limit, the newest. */
  List<Event> read(EventsQuery query) {
    List<Event> all = new ArrayList<>(ofPeers(query));
    all.addAll(home.events().query(query.machine(), query.since(Instant.now()), query.limit()));
    all.sort(Comparator.comparing(Event::at));
    return all.subList(Math.max(0, all.size() - query.limit()), all.size());
  }

  private List<Event> ofPeers(EventsQuery query) {
    try {
      return overlay.ask(peer -> peer.events(query)).value().events();
    } catch (Overlay.SilentException e) {
      throw new FailedException(e.told() + "; see `smon status`", e);
    }
  }
}
