// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code smon key}: the overlay's shared key K_E (R35, R41). */
@Command(
    name = "key",
    description = "Shows and rotates K_E, the key that peers, agents and clients share.",
    synopsisSubcommandLabel = "list|rotate",
    subcommands = {KeyCommand.Listing.class, KeyCommand.Rotate.class})
final class KeyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name one of list, rotate");
  }

  /** {@code smon key list}. */
  @Command(
      name = "list",
      description = {
        "Names the keys that count as K_E, without telling them, and which peers lag behind."
      })
  static final class Listing implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      ClientHome home = Smon.of(spec).home();
      Console console = Smon.of(spec).console();
      KeyView view = KeyView.of(home, StatusSource.of(home));
      console.result(view);
      if (!console.json()) {
        view.print(console.out());
      }
      return ExitStatus.DONE;
    }
  }

  /** {@code smon key rotate}. */
  @Command(
      name = "rotate",
      description = {
        "Makes a new K_E for the overlay: installs it everywhere, turns to it, removes the old one.",
        "Stopped on the way, it goes on when it is run again. A machine that is off meanwhile gets",
        "the new key over ssh as soon as it is back."
      })
  static final class Rotate implements Callable<Integer> {
    @Option(
        names = "--leaked",
        description = {
          "somebody else has the old key: the new one travels over ssh alone, and whoever speaks",
          "under the old one is refused by each machine from the moment it has the new one"
        })
    private boolean leaked;

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        defaultValue = "300",
        description = "how long to wait for all running peers (default: ${DEFAULT-VALUE})")
    private int timeoutSeconds;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      ClientHome home = Smon.of(spec).home();
      Console console = Smon.of(spec).console();
      if (leaked) {
        new LeakedKey(home, console, timeoutSeconds).replace();
      } else {
        new KeyRotation(home, console, timeoutSeconds).run();
      }
      console.result(KeyView.of(home, StatusSource.of(home)));
      return ExitStatus.DONE;
    }
  }
}
