// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.smon.api.Event;
import org.smon.wire.EventsQuery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code smon events}. */
@Command(name = "events", description = "Shows what happened in the overlay, in order of time.")
final class EventsCommand implements Callable<Integer> {
  private static final int POLL_MILLIS = 1_000;

  /** What takes its time to be collected is asked for again; what is known already is dropped. */
  private static final int OVERLAP_MILLIS = 30_000;

  private static final int REMEMBERED = 20_000;

  @Option(names = "--follow", description = "go on until interrupted; JSON: one document a line")
  private boolean follow;

  @Option(
      names = "--limit",
      defaultValue = "500",
      description = "at most so many, the newest (default: ${DEFAULT-VALUE})")
  private int limit;

  @Spec private CommandSpec spec;

  private final Set<Event> known = new LinkedHashSet<>();

  /** The JSON of this verb. */
  record Log(List<EventView> events) {}

  @Override
  public Integer call() throws InterruptedException {
    Console console = Smon.of(spec).console();
    EventSource source = EventSource.of(Smon.of(spec).home());
    List<Event> events = source.read(new EventsQuery(null, null, limit, null));
    if (!follow) {
      console.result(new Log(events.stream().map(EventView::of).toList()));
      if (!console.json()) {
        events.forEach(e -> console.say(EventView.of(e).line()));
      }
      return ExitStatus.DONE;
    }
    while (true) {
      long askedNanos = System.nanoTime();
      events.stream().filter(known::add).forEach(e -> tell(console, e));
      forgetOldest();
      Thread.sleep(POLL_MILLIS);
      events = source.read(recent(System.nanoTime() - askedNanos));
    }
  }

  /** By each machine's own clock, for those of machines differ. */
  private EventsQuery recent(long nanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanos) + OVERLAP_MILLIS;
    return new EventsQuery(null, null, limit, null, millis);
  }

  private void forgetOldest() {
    var oldest = known.iterator();
    for (int surplus = known.size() - REMEMBERED; surplus > 0; surplus--) {
      oldest.next();
      oldest.remove();
    }
  }

  private static void tell(Console console, Event event) {
    if (console.json()) {
      console.jsonLine(EventView.of(event));
    } else {
      console.say(EventView.of(event).line());
    }
  }
}
