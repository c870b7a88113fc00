// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.smon.api.InvalidInputException;
import org.smon.api.Names;
import org.smon.api.RefusedException;
import org.smon.wire.PeerApi;
import org.smon.wire.ShellMessage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon shell}: every line is signed by the operator's key for one peer, once. */
@Command(
    name = "shell",
    description = "A Karaf shell at that peer: smon:status, feature:list, bundle:list, ...",
    customSynopsis = "smon shell HOST [-- COMMAND...]")
final class ShellCommand implements Callable<Integer> {
  private static final int PATIENCE_MILLIS = 120_000;

  @Parameters(index = "0", paramLabel = "HOST", description = "the machine's name in the list")
  private String host;

  @Parameters(
      index = "1..*",
      paramLabel = "COMMAND",
      description = "the line to run; without one, lines are read from stdin")
  private List<String> command = List.of();

  @Spec private CommandSpec spec;

  private ClientHome home;
  private Console console;
  private PeerApi peer;
  private ShellMessage.Greeting greeting;
  private long sequence;

  @Override
  public Integer call() throws IOException, RefusedException {
    home = Smon.of(spec).home();
    console = Smon.of(spec).console();
    Names.requireMachine(host);
    peer = new Overlay(home, home.connections(), PATIENCE_MILLIS).peer(host);
    greeting = greet();
    return command.isEmpty() ? interact() : run(String.join(" ", command));
  }

  private ShellMessage.Greeting greet() throws RefusedException {
    try {
      return peer.shellGreeting();
    } catch (UncheckedIOException e) {
      throw new FailedException("the peer of " + host + " does not answer: " + Main.told(e), e);
    }
  }

  private int interact() throws IOException, RefusedException {
    String prompt = "smon@" + greeting.peer() + "> ";
    while (true) {
      if (console.terminal()) {
        console.out().print(prompt);
        console.out().flush();
      }
      String line = console.readLine();
      if (line == null || line.strip().matches("exit|logout|quit")) {
        return ExitStatus.DONE;
      }
      if (!line.isBlank()) {
        tryOne(line);
      }
    }
  }

  /** A line that cannot be signed is no reason to lose the session. */
  private void tryOne(String line) throws IOException, RefusedException {
    try {
      run(line);
    } catch (InvalidInputException | FailedException e) {
      console.note("smon: " + Main.told(e));
    }
  }

  private int run(String typed) throws IOException, RefusedException {
    String line = new SignedLines(Smon.of(spec), home).expand(typed);
    ShellMessage.Output output =
        peer.shell(
            ShellMessage.Line.signed(
                home.documents().overlayId(),
                greeting,
                ++sequence,
                line,
                home.operator().privateKey(),
                home.operator().publicKey()));
    if (console.json()) {
      console.result(output);
    } else {
      print(output);
    }
    if (!line.equals(typed) && output.error() == null) {
      Publication publication = new Publication(home, console);
      home.unacknowledged().types().forEach(publication::publish);
    }
    return output.error() == null ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private void print(ShellMessage.Output output) {
    String text = output.output() == null ? "" : output.output();
    console.out().print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
    console.out().flush();
    if (output.error() != null) {
      console.note("smon: " + output.error());
    }
  }
}
