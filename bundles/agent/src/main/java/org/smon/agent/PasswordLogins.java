// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.smon.api.Machine;
import org.smon.api.RefusedException;

/**
 * Machines that let the user in by password only (R37). A password challenge cannot be answered
 * blind, as a signature can: so the agent logs in there once by itself and leaves a public key,
 * with which all goes on as elsewhere. Only where its user opted in is the password handed to the
 * requester. It is needed as long as no key was ever taken there, and again when a permit was
 * followed by no signature: then the key is gone. Pinned machines only; all audited. Any thread.
 */
public final class PasswordLogins {
  static final int PER_MACHINE_AND_HOUR = 3;
  private static final int ANSWER_MILLIS = 30_000;
  private static final String USED = "password";

  private final Passwords passwords;
  private final boolean disclose;
  private final KeyInstaller installer;
  private final AuditLog audit;
  private final LongSupplier clock;
  private final Enrolled keyed;
  private final Rates perMachine;
  private final Map<String, Long> unanswered = new ConcurrentHashMap<>();

  /**
   * @param disclose hand passwords to requesters instead of using them here
   * @param home where the agent keeps which machines have taken a key
   * @param clock milliseconds, never going back
   */
  public PasswordLogins(
      Passwords passwords,
      boolean disclose,
      KeyInstaller installer,
      AuditLog audit,
      Path home,
      LongSupplier clock)
      throws IOException {
    this.passwords = passwords;
    this.disclose = disclose;
    this.installer = installer;
    this.audit = audit;
    this.clock = clock;
    this.keyed = new Enrolled(home.resolve("keyed"));
    this.perMachine = new Rates("password logins to", PER_MACHINE_AND_HOUR, clock);
  }

  /**
   * Called for each permit; may block while the agent logs in.
   *
   * @return a password for the requester to try after the keys, or null
   */
  String prepare(String requester, Machine machine, String user)
      throws RefusedException, IOException {
    Optional<String> password = passwords.of(machine.name());
    if (password.isEmpty() || machine.pin().isEmpty() || !isDue(machine.name())) {
      return null;
    }
    if (disclose) {
      write("disclose", requester, machine, null);
      return password.get();
    }
    install(requester, machine, user, password.get());
    return null;
  }

  /** Whether there is reason to believe that no key opens the machine, within the rate. */
  private synchronized boolean isDue(String machine) {
    Long since = unanswered.putIfAbsent(machine, clock.getAsLong());
    boolean lost = since != null && clock.getAsLong() - since > ANSWER_MILLIS;
    if (keyed.contains(machine) && !lost || since != null && !lost) {
      return false;
    }
    unanswered.put(machine, clock.getAsLong());
    try {
      perMachine.take(machine);
      return true;
    } catch (RefusedException e) {
      return false; // the keys may do all the same
    }
  }

  private void install(String requester, Machine machine, String user, String password)
      throws RefusedException, IOException {
    try {
      installer.install(machine, user, password);
      write("install-key", requester, machine, null);
    } catch (IOException e) {
      write("install-key", requester, machine, "not reached: " + e.getMessage());
    }
  }

  /** A machine asked for a signature, so it knows the key. */
  void keyWasTaken(Machine machine) throws IOException {
    if (unanswered.remove(machine.name()) != null && passwords.of(machine.name()).isPresent()) {
      synchronized (this) {
        keyed.add(machine.name());
      }
    }
  }

  private void write(String decision, String requester, Machine machine, String reason)
      throws IOException {
    audit.append(
        new AuditLog.Entry(Instant.now(), decision, requester, machine.name(), USED, reason));
  }
}
