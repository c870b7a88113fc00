// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;
import java.util.concurrent.Callable;
import org.smon.api.Event;
import org.smon.wire.EventsQuery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon why}. */
@Command(
    name = "why",
    description =
        "Tells what happened to a machine and what caused it, from all peers' event logs.")
final class WhyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "HOST", description = "the machine's name in the list")
  private String host;

  @Option(
      names = "--limit",
      defaultValue = "200",
      description = "at most so many events, the newest (default: ${DEFAULT-VALUE})")
  private int limit;

  @Spec private CommandSpec spec;

  /** The JSON of this verb. */
  record Why(String machine, List<EventView> events) {}

  @Override
  public Integer call() throws Overlay.SilentException {
    ClientHome home = Smon.of(spec).home();
    Console console = Smon.of(spec).console();
    if (!home.documents().list().contains(host)) {
      throw new FailedException(
          "machine "
              + org.smon.api.Names.quote(host)
              + " is not in the list; see `smon machines list`");
    }
    List<Event> events = EventSource.of(home).read(new EventsQuery(host, null, limit, null));
    if (console.json()) {
      console.result(new Why(host, events.stream().map(EventView::of).toList()));
    } else {
      events.forEach(e -> console.say(EventView.of(e).line()));
    }
    return ExitStatus.DONE;
  }
}
