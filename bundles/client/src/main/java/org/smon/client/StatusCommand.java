// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.concurrent.Callable;
import org.smon.wire.StatusAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code smon status}. */
@Command(
    name = "status",
    description = "Shows every machine as the overlay sees it, asked of any reachable peer.")
final class StatusCommand implements Callable<Integer> {
  private static final String CLEAR_SCREEN = "\033[H\033[2J";

  @Option(names = "--watch", description = "show it again every 2 s until interrupted")
  private boolean watch;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Console console = Smon.of(spec).console();
    StatusSource source = StatusSource.of(Smon.of(spec).home());
    if (!watch) {
      StatusSource.Seen seen = source.read();
      show(console, seen.status(), false);
      return seen.anybody() ? ExitStatus.DONE : noPeer(console, seen.status());
    }
    while (true) {
      show(console, source.read().status(), true);
      Thread.sleep(2_000);
    }
  }

  private static int noPeer(Console console, StatusAnswer status) {
    console.note(
        status.list().size() == 0
            ? "smon: the machine list is empty; add machines: smon machines add HOST"
            : "smon: no peer answers; `smon deploy` puts one in place");
    return ExitStatus.FAILED;
  }

  private static void show(Console console, StatusAnswer status, boolean again) {
    if (console.json()) {
      if (again) {
        console.jsonLine(status);
      } else {
        console.result(status);
      }
      return;
    }
    if (again && console.terminal()) {
      console.out().print(CLEAR_SCREEN);
    }
    StatusView.print(status, console.out());
  }
}
