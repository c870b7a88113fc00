// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.smon.agent.FirstUse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code smon agent}: in the foreground until interrupted. */
@Command(
    name = "agent",
    description = {
      "Runs the authentication agent, which holds your ssh key.",
      "It answers the peers' logins by policy and writes every decision to an audit log.",
      "In the foreground until interrupted; nothing is lost by a restart."
    })
final class AgentCommand implements Callable<Integer> {
  static final int DEFAULT_PORT = 7601;

  @Mixin private KeyOptions key;

  @Mixin private PasswordOptions passwords;

  @Option(
      names = "--listen",
      paramLabel = "ADDR:PORT",
      defaultValue = "0.0.0.0:" + DEFAULT_PORT,
      converter = HostPort.Converter.class,
      description = "where peers reach it (default: ${DEFAULT-VALUE})")
  private HostPort listen;

  @Option(
      names = "--audit",
      paramLabel = "FILE",
      description = "the audit log (default: agent/audit.jsonl in the home)")
  private Path audit;

  @Option(
      names = "--allow-first-use",
      description = "let the client, not peers, log in where no host key is pinned")
  private boolean allowFirstUse;

  @Option(names = "--peers-too", description = "with --allow-first-use: let peers do so as well")
  private boolean peersToo;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (key.sayNothing() && passwords.sayNothing() || key.contradict()) {
      throw new ParameterException(
          spec.commandLine(), "give either --key FILE or --ssh-agent, or --password-file FILE");
    }
    if (passwords.contradict()) {
      throw new ParameterException(
          spec.commandLine(), "--disclose-password needs --password-file FILE");
    }
    ClientHome home = Smon.of(spec).home();
    Console console = Smon.of(spec).console();
    Path log = audit == null ? home.agentDirectory().resolve("audit.jsonl") : audit;
    try (RunningAgent agent =
        RunningAgent.start(
            home,
            key.orOwn(home, passwords, Smon.of(spec).surroundings()),
            passwords,
            firstUse(),
            listen.host(),
            listen.port(),
            log)) {
      console.say(
          "agent of overlay %s listens at %s, audit log %s"
              .formatted(home.documents().settings().name(), listen, log));
      remindOfSettings(home, agent, console);
      new CountDownLatch(1).await();
      return ExitStatus.DONE;
    }
  }

  private FirstUse firstUse() {
    if (!allowFirstUse) {
      return FirstUse.NEVER;
    }
    return peersToo ? FirstUse.PEERS_TOO : FirstUse.CLIENT;
  }

  private static void remindOfSettings(ClientHome home, RunningAgent agent, Console console) {
    String key = agent.identity().tls().publicText();
    boolean named =
        home.documents().settings().agents().stream()
            .anyMatch(a -> a.publicKey().equals(key) && a.port() == agent.port());
    if (!named) {
      console.say("peers do not know it yet; name it: smon agents set ADDR:" + agent.port());
    }
  }
}
