// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.smon.api.Documents;
import org.smon.api.Event;
import org.smon.api.Events;
import org.smon.api.Machine;
import org.smon.wire.EventsAnswer;
import org.smon.wire.EventsQuery;

/** Collects event logs through the same tree as the status (R55). */
final class EventCollector {
  private static final int DEADLINE_MILLIS = 3_000;
  private static final int MOST = 2_000;

  private final String self;
  private final Documents documents;
  private final Events events;
  private final Tree tree;

  EventCollector(String self, Documents documents, Events events, Tree tree) {
    this.self = self;
    this.documents = documents;
    this.events = events;
    this.tree = tree;
  }

  EventsAnswer collect(EventsQuery query) {
    int limit = Math.max(1, Math.min(query.limit(), MOST));
    List<String> peers =
        query.peers() == null
            ? documents.list().machines().stream().map(Machine::name).toList()
            : query.peers();
    List<String> others = peers.stream().filter(name -> !name.equals(self)).toList();
    List<Event> found = new ArrayList<>(own(query, limit));
    tree.ask(
            others,
            documents.settings().gossipPort(),
            DEADLINE_MILLIS,
            (head, branch, millis) -> head.events(query.of(branch)))
        .forEach(answer -> found.addAll(answer.events()));
    found.sort(Comparator.comparing(Event::at));
    return new EventsAnswer(
        List.copyOf(found.subList(Math.max(0, found.size() - limit), found.size())));
  }

  /** All that the asked-about machine itself logged, and what others logged about it. */
  private List<Event> own(EventsQuery query, int limit) {
    String about = self.equals(query.machine()) ? null : query.machine();
    return events.query(about, query.since(Instant.now()), limit);
  }
}
