// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import org.smon.api.LoginAgent;
import org.smon.api.RefusedException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which authentication agent a verb that logs in to machines uses. */
final class AgentOptions {
  @Option(
      names = "--agent",
      paramLabel = "ADDR:PORT",
      converter = HostPort.Converter.class,
      description = "the agent to use, and to name in the settings (default: those named there)")
  private HostPort agent;

  @Mixin private KeyOptions key;

  @Mixin private PasswordOptions passwords;

  void check(CommandSpec spec) {
    boolean own = !key.sayNothing() || !passwords.sayNothing();
    if (key.contradict() || agent != null && own) {
      throw new ParameterException(
          spec.commandLine(), "give one of --agent, --key FILE and --ssh-agent");
    }
    if (passwords.contradict()) {
      throw new ParameterException(
          spec.commandLine(), "--disclose-password needs --password-file FILE");
    }
  }

  /** The one that is named, else those of the settings, else one in this process. */
  LoginAgent chosen(ClientHome home, Console console, Surroundings surroundings)
      throws IOException, RefusedException {
    AgentChoice choice = new AgentChoice(home, console);
    if (agent != null) {
      return choice.named(agent);
    }
    boolean ownKeys = !key.sayNothing() || !passwords.sayNothing();
    boolean named = !ownKeys && !home.documents().settings().agents().isEmpty();
    if (named && (choice.anyAnswers() || !choice.onlyOurs())) {
      return choice.ofSettings();
    }
    return choice.inProcess(key.orOwn(home, passwords, surroundings), passwords);
  }
}
