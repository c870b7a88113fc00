// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.nio.file.Path;
import org.smon.client.demo.DemoCommand;
import org.smon.client.demo.DemoDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line as a whole, and what its verbs have in common. */
@Command(
    name = "smon",
    description =
        "An overlay that installs itself on your machines over ssh and keeps itself alive.",
    synopsisSubcommandLabel = "VERB",
    commandListHeading = "%nVerbs:%n",
    footer = {
      "",
      "Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 not converged in --timeout."
    },
    subcommands = {
      InitCommand.class,
      MachinesCommand.class,
      KeyCommand.class,
      AgentsCommand.class,
      OperatorCommand.class,
      AgentCommand.class,
      DeployCommand.class,
      EnableCommand.class,
      DisableCommand.class,
      ShutdownCommand.class,
      PurgeCommand.class,
      UpgradeCommand.class,
      ReleasesCommand.class,
      ReleaseCommand.class,
      StatusCommand.class,
      WhyCommand.class,
      EventsCommand.class,
      ShellCommand.class,
      DemoCommand.class,
      SimulateCommand.class
    })
public final class Smon implements Runnable {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "the overlay's keys and latest versions (default: $SMON_HOME, else ~/.smon)")
  private Path home;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "print one JSON document on stdout, everything else on stderr")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "show this help")
  private boolean help;

  @Spec private CommandSpec spec;

  private final Surroundings surroundings;

  Smon(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The whole command line that a verb belongs to. */
  public static Smon of(CommandSpec verb) {
    return (Smon) verb.root().userObject();
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  public Console console() {
    return new Console(surroundings, json);
  }

  /** The directory the user means, whether or not there is a home in it. */
  public Path homeDirectory() {
    if (home != null) {
      return home.toAbsolutePath().normalize();
    }
    String named = surroundings.env("SMON_HOME");
    Path usual = surroundings.userHome().resolve(".smon");
    return named == null ? usual : Path.of(named).toAbsolutePath().normalize();
  }

  /**
   * The client home, which has to be there. While a demo runs, and nobody named another home, it is
   * the demo's.
   */
  public ClientHome home() {
    Path directory = homeDirectory();
    boolean named = home != null || surroundings.env("SMON_HOME") != null;
    DemoDirectory demo = DemoDirectory.usual(surroundings);
    if (!named && !ClientHome.isAt(directory) && demo.running()) {
      console().note("smon: using the running demo's home " + demo.clientHome());
      return open(demo.clientHome());
    }
    return open(directory);
  }

  private ClientHome open(Path directory) {
    ClientHome home = ClientHome.open(directory);
    home.damage().forEach(line -> console().note("smon: " + directory + ": " + line));
    if (home.everAnswered() && !home.unacknowledged().types().isEmpty()) {
      new Publication(home, console()).resume();
    }
    return home;
  }

  /** Without a verb. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a verb");
  }
}
