// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.smon.api.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code smon init}. */
@Command(
    name = "init",
    description =
        "Makes a new overlay: its shared key K_E, the operator's key, its first settings.")
final class InitCommand implements Callable<Integer> {
  @Option(
      names = "--name",
      defaultValue = "smon",
      description = "what people call the overlay (default: ${DEFAULT-VALUE})")
  private String name;

  @Option(
      names = "--port",
      defaultValue = "" + Settings.DEFAULT_PORT,
      description = "the TCP port every peer listens on (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(names = "--user", description = "login user of machines that name none (default: you)")
  private String user = System.getProperty("user.name");

  @Spec private CommandSpec spec;

  /** The JSON of this verb. */
  record Made(String overlay, String name, int port, String home) {}

  @Override
  public Integer call() throws IOException {
    Path directory = Smon.of(spec).homeDirectory();
    Console console = Smon.of(spec).console();
    ClientHome home = ClientHome.create(directory, new NewOverlay(name, port, user));
    String overlay = home.documents().overlayId();
    console.result(new Made(overlay, name, port, directory.toString()));
    console.say("overlay " + name + " made in " + directory);
    console.say("id " + overlay);
    console.say("next: smon machines add [user@]host[:port]..., then smon deploy");
    return ExitStatus.DONE;
  }
}
