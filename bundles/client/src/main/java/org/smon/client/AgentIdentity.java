// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.smon.agent.KeyFiles;
import org.smon.agent.SshKey;
import org.smon.api.AgentAddress;
import org.smon.api.RefusedException;
import org.smon.security.SigningKey;
import org.smon.wire.AgentApi;

/**
 * The keys of the agent that runs from a client home: the one of its TLS certificate, by which
 * peers know it, and the overlay-only ssh key. Made when first asked for.
 */
public final class AgentIdentity {
  private static final int START_SECONDS = 30;
  private static final int TRY_MILLIS = 2_000;
  private static final int POLL_MILLIS = 50;

  private final SigningKey tls;
  private final SshKey enrolment;

  private AgentIdentity(SigningKey tls, SshKey enrolment) {
    this.tls = tls;
    this.enrolment = enrolment;
  }

  public static AgentIdentity of(ClientHome home) throws IOException {
    Path directory = Files.createDirectories(home.agentDirectory());
    Path file = directory.resolve("tls.key");
    if (!Files.exists(file)) {
      SigningKey.generate().save(file);
    }
    return new AgentIdentity(SigningKey.load(file), enrolment(home));
  }

  private static SshKey enrolment(ClientHome home) throws IOException {
    Path file = home.agentDirectory().resolve("enrolment.key");
    return KeyFiles.enrolment(file, home.documents().overlayId());
  }

  /** Stands in for a key of the user's at machines that know the user by a password only. */
  static SshKey ownKey(ClientHome home) throws IOException {
    Files.createDirectories(home.agentDirectory());
    Path file = home.agentDirectory().resolve("own.key");
    return KeyFiles.enrolment(file, home.documents().overlayId());
  }

  SigningKey tls() {
    return tls;
  }

  SshKey enrolment() {
    return enrolment;
  }

  AgentApi.Identity told() {
    return new AgentApi.Identity(tls.publicText(), enrolment.publicLine());
  }

  /** How the settings name this agent. */
  public AgentAddress at(String host, int port) {
    return new AgentAddress(host, port, tls.publicText(), enrolment.publicLine());
  }

  /**
   * Blocks until this home's agent answers at the address, while the given process of it lives.
   *
   * @return why it does not, or empty
   */
  public static Optional<String> await(
      ClientHome home, String host, int port, BooleanSupplier lives) throws IOException {
    String key = of(home).told().publicKey();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      try {
        home.connections().agent(host, port, key, TRY_MILLIS).identity();
        return Optional.empty();
      } catch (UncheckedIOException | RefusedException e) {
        if (!lives.getAsBoolean() || System.nanoTime() - deadline > 0) {
          return Optional.of(Main.told(e));
        }
      }
      pause();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }
}
