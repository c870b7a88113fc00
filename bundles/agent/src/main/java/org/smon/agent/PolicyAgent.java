// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.LoginAgent;
import org.smon.api.Machine;
import org.smon.api.RefusedException;
import org.smon.api.Versions;

/**
 * The authentication agent: holds the keys and signs by policy, no oracle (R34, R38; paper II-B).
 * It signs only for a machine of the signed list whose pinned host key proved itself in that
 * session, for the right user, once a session, within a rate, and not while the overlay is switched
 * off. The user's own key is rationed to first contact and to wiped machines; enrolled ones get the
 * overlay-only enrolment key, and the agent looks for itself that a machine was wiped. Every
 * decision stands in the audit log before it takes effect. Any thread.
 */
public final class PolicyAgent implements LoginAgent {
  static final int LOGINS_PER_MACHINE_AND_HOUR = 60;
  static final int LOGINS_PER_REQUESTER_AND_HOUR = 1_000;
  static final int OWN_KEY_PER_ENROLLED_MACHINE_AND_HOUR = 3;

  private static final String CLIENT = "client";
  private static final int PERMIT_MILLIS = 120_000;
  private static final int SESSIONS_KEPT = 100_000;
  private static final int PERMITS_KEPT = 10_000;
  private static final Set<DocumentType> MUST_BE_CURRENT =
      Set.of(DocumentType.LIST, DocumentType.LIVETAG);

  /**
   * Gets the agent newer documents when a requester turns out to have some. May block, must not
   * throw.
   */
  public interface Refresh {
    void from(String requester, Versions theirs);
  }

  private final Documents documents;
  private final List<SshKey> ownKeys;
  private final SshKey enrolmentKey;
  private final FirstUse firstUse;
  private final AuditLog audit;
  private final Enrolled enrolled;
  private final Refresh refresh;
  private final WipeCheck wipeCheck;
  private final LongSupplier clock;
  private final Rates perMachine;
  private final Rates perRequester;
  private final Rates ownPerMachine;
  private final Map<String, Long> permits = bounded(PERMITS_KEPT);
  private final Map<String, Boolean> sessions = bounded(SESSIONS_KEPT);

  /**
   * @param home where the agent keeps which machines are enrolled
   * @param clock milliseconds, never going back
   */
  public PolicyAgent(
      Documents documents,
      List<SshKey> ownKeys,
      SshKey enrolmentKey,
      FirstUse firstUse,
      AuditLog audit,
      Path home,
      Refresh refresh,
      WipeCheck wipeCheck,
      LongSupplier clock)
      throws IOException {
    this.documents = documents;
    this.ownKeys = List.copyOf(ownKeys);
    this.enrolmentKey = enrolmentKey;
    this.firstUse = firstUse;
    this.audit = audit;
    this.enrolled = new Enrolled(home.resolve("enrolled"));
    this.refresh = refresh;
    this.wipeCheck = wipeCheck;
    this.clock = clock;
    this.perMachine = new Rates("logins to", LOGINS_PER_MACHINE_AND_HOUR, clock);
    this.perRequester = new Rates("logins by", LOGINS_PER_REQUESTER_AND_HOUR, clock);
    this.ownPerMachine =
        new Rates(
            "logins with the user's own key to", OWN_KEY_PER_ENROLLED_MACHINE_AND_HOUR, clock);
  }

  @Override
  public LoginPermit permit(LoginRequest request) throws RefusedException, IOException {
    require(
        request.requester() != null && request.machine() != null && request.versions() != null,
        "the request is incomplete");
    if (anyNewer(request.versions(), documents.versions())) {
      refresh.from(request.requester(), request.versions());
    }
    synchronized (this) {
      try {
        return permitted(request);
      } catch (RefusedException e) {
        write("refuse", request.requester(), request.machine(), null, e.getMessage());
        throw e;
      }
    }
  }

  private LoginPermit permitted(LoginRequest request) throws RefusedException, IOException {
    Machine machine = machine(request.requester(), request.machine());
    require(
        mayMeet(machine, request.requester()),
        "no host key is pinned for " + machine.name() + "; pin it with `smon machines edit`");
    String permit = permitKey(request.requester(), machine.name());
    List<String> newer = newer(request.versions());
    if (MUST_BE_CURRENT.stream().anyMatch(type -> isOlder(request.versions(), type))) {
      permits.remove(permit); // it adopts first, and comes back
    } else {
      permits.put(permit, clock.getAsLong());
    }
    write("permit", request.requester(), machine.name(), null, null);
    List<String> keys = new ArrayList<>(List.of(enrolmentKey.publicLine()));
    ownKeys.forEach(key -> keys.add(key.publicLine()));
    return new LoginPermit(documents.settings().userOf(machine), keys, newer);
  }

  @Override
  public byte[] sign(SignRequest request) throws RefusedException, IOException {
    require(request.requester() != null && request.machine() != null, "the request is incomplete");
    try {
      Login login = checked(request);
      if (login.key != enrolmentKey && login.enrolled) {
        wipeCheck.requireWiped(
            login.machine, login.user); // not under the lock: others sign meanwhile
      }
      return signed(request, login);
    } catch (RefusedException e) {
      write("refuse", request.requester(), request.machine(), null, e.getMessage());
      throw e;
    }
  }

  /** A login that may be signed as far as the request itself tells. */
  private record Login(Machine machine, String user, SshKey key, boolean enrolled) {}

  private synchronized Login checked(SignRequest request) throws RefusedException {
    Machine machine = machine(request.requester(), request.machine());
    Long permitted = permits.get(permitKey(request.requester(), machine.name()));
    boolean current = permitted != null && clock.getAsLong() - permitted <= PERMIT_MILLIS;
    require(current, "no permit was asked for, or the requester's list or livetag is older");
    Challenge challenge = new Challenge(request);
    SshKey key = key(request.publicKey());
    requirePin(machine, challenge.fingerprint(), request.requester());
    String user = documents.settings().userOf(machine);
    challenge.check(user, key);
    require(
        sessions.put(session(request), Boolean.TRUE) == null, "this session was signed for before");
    perRequester.take(request.requester());
    perMachine.take(machine.name());
    boolean known = enrolled.contains(machine.name());
    if (key != enrolmentKey && known) {
      ownPerMachine.take(machine.name());
    }
    return new Login(machine, user, key, known);
  }

  private byte[] signed(SignRequest request, Login login) throws IOException {
    boolean own = login.key != enrolmentKey;
    synchronized (this) {
      if (own) {
        enrolled.add(login.machine.name());
      }
    }
    write("sign", request.requester(), login.machine.name(), own ? "own" : "enrolment", null);
    return login.key.sign(request.algorithm(), request.data());
  }

  private static String session(SignRequest request) {
    return HexFormat.of().formatHex(request.exchangeHash());
  }

  private Machine machine(String requester, String name) throws RefusedException {
    require(
        documents.livetag().value() || requester.equals(CLIENT),
        "self-management is switched off (livetag false)");
    return documents
        .list()
        .find(name)
        .orElseThrow(
            () ->
                new RefusedException(
                    "machine " + org.smon.api.Names.quote(name) + " is not in the list"));
  }

  private boolean mayMeet(Machine machine, String requester) {
    return machine.pin().isPresent()
        || firstUse == FirstUse.PEERS_TOO
        || firstUse == FirstUse.CLIENT && requester.equals(CLIENT);
  }

  private void requirePin(Machine machine, String fingerprint, String requester)
      throws RefusedException {
    if (machine.pin().isEmpty()) {
      require(mayMeet(machine, requester), "no host key is pinned for " + machine.name());
      return;
    }
    require(
        machine.pin().get().equals(fingerprint),
        "the host key of " + machine.name() + " is " + fingerprint + ", not the pinned one");
  }

  private SshKey key(String publicLine) throws RefusedException {
    if (enrolmentKey.is(publicLine)) {
      return enrolmentKey;
    }
    return ownKeys.stream()
        .filter(key -> key.is(publicLine))
        .findFirst()
        .orElseThrow(() -> new RefusedException("the agent does not hold the key to sign with"));
  }

  private List<String> newer(Versions theirs) {
    List<String> texts = new ArrayList<>();
    for (DocumentType type :
        List.of(DocumentType.SETTINGS, DocumentType.LIST, DocumentType.LIVETAG)) {
      if (isOlder(theirs, type)) {
        documents.held(type).map(Document::text).ifPresent(texts::add);
      }
    }
    return texts;
  }

  private boolean isOlder(Versions theirs, DocumentType type) {
    return theirs.counter(type) < documents.versions().counter(type);
  }

  private static boolean anyNewer(Versions theirs, Versions mine) {
    return theirs.byType().keySet().stream()
        .anyMatch(type -> theirs.counter(type) > mine.counter(type));
  }

  private void write(String decision, String requester, String machine, String key, String reason)
      throws IOException {
    audit.append(new AuditLog.Entry(Instant.now(), decision, requester, machine, key, reason));
  }

  private static String permitKey(String requester, String machine) {
    return requester + " " + machine;
  }

  private static void require(boolean fits, String reason) throws RefusedException {
    if (!fits) {
      throw new RefusedException(reason);
    }
  }

  private static <V> Map<String, V> bounded(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
      }
    };
  }
}
