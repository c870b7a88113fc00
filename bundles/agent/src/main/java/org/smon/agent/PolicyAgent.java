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
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.LoginAgent;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Names;
import org.smon.api.RefusedException;
import org.smon.api.Version;
import org.smon.api.Versions;

/**
 * The authentication agent: holds the keys and signs by policy, no oracle (R34, R38; paper II-B).
 * It signs only for a machine of the signed list whose pinned host key proved itself in that
 * session, for the right user, once a session, within a rate, and not while the overlay is switched
 * off. The user's own key is rationed to first contact and to wiped machines; enrolled ones get the
 * overlay-only enrolment key, and the agent looks for itself that a machine was wiped. A machine
 * that was removed from the list is opened for cleaning alone, to whose dispatcher the operator's
 * list says the rest. Who asks with an older list or livetag is handed the newer ones and no key.
 * Every decision stands in the audit log before it takes effect. Any thread.
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
  private final PasswordLogins passwords;
  private final LongSupplier clock;
  private final Rates perMachine;
  private final Rates perRequester;
  private final Rates ownPerMachine;
  private final Map<String, Permit> permits = bounded(PERMITS_KEPT);
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
      PasswordLogins passwords,
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
    this.passwords = passwords;
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
    try {
      LoginPermit permit = permitted(request);
      return permit.publicKeys().isEmpty() ? permit : withPassword(request, permit);
    } catch (RefusedException e) {
      write("refuse", request.requester(), request.machine(), null, e.getMessage());
      throw e;
    }
  }

  private synchronized LoginPermit permitted(LoginRequest request)
      throws RefusedException, IOException {
    String permit = permitKey(request.requester(), request.machine());
    List<String> newer = newer(request.versions());
    if (MUST_BE_CURRENT.stream().anyMatch(type -> isOlder(request.versions(), type))) {
      permits.remove(permit);
      write("older", request.requester(), request.machine(), null, null);
      return new LoginPermit(documents.settings().defaultUser(), List.of(), newer);
    }
    Machine machine = machine(request.requester(), request.machine(), request.toClean());
    require(
        mayMeet(machine, request.requester()),
        "no host key is pinned for " + machine.name() + "; pin it with `smon machines edit`");
    permits.put(permit, new Permit(clock.getAsLong(), request.toClean()));
    write("permit", request.requester(), machine.name(), null, request.toClean() ? "clean" : null);
    List<String> keys = new ArrayList<>(List.of(enrolmentKey.publicLine()));
    if (!request.toClean() || request.requester().equals(CLIENT)) {
      ownKeys.forEach(key -> keys.add(key.publicLine()));
    }
    return new LoginPermit(documents.settings().userOf(machine), keys, newer);
  }

  /** Not under the lock: it may mean a login of the agent's own, while others go on. */
  private LoginPermit withPassword(LoginRequest request, LoginPermit permit)
      throws RefusedException, IOException {
    Machine machine = machine(request.requester(), request.machine(), request.toClean());
    String password = passwords.prepare(request.requester(), machine, permit.user());
    return new LoginPermit(permit.user(), permit.publicKeys(), permit.newer(), password);
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

  /**
   * @param at when it was given
   * @param toClean for a machine that was removed
   */
  private record Permit(long at, boolean toClean) {}

  private synchronized Login checked(SignRequest request) throws RefusedException {
    Permit permit = permits.get(permitKey(request.requester(), request.machine()));
    boolean current = permit != null && clock.getAsLong() - permit.at <= PERMIT_MILLIS;
    require(current, "no permit was asked for, or the requester's list or livetag is older");
    Machine machine = machine(request.requester(), request.machine(), permit.toClean);
    Challenge challenge = new Challenge(request);
    SshKey key = key(request.publicKey());
    require(
        key == enrolmentKey || !permit.toClean || request.requester().equals(CLIENT),
        "a machine that was removed is cleaned by the enrolment key alone");
    requirePin(machine, challenge.fingerprint(), request.requester());
    String user = documents.settings().userOf(machine);
    challenge.check(user, key);
    require(
        sessions.put(session(request), Boolean.TRUE) == null, "this session was signed for before");
    if (!permit.toClean) { // a whole overlay may have to be cleaned by one client
      perRequester.take(request.requester());
    }
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
    passwords.keyWasTaken(login.machine);
    return login.key.sign(request.algorithm(), request.data());
  }

  private static String session(SignRequest request) {
    return HexFormat.of().formatHex(request.exchangeHash());
  }

  /** Listed, or, to be cleaned, one that was removed and is not listed. */
  private Machine machine(String requester, String name, boolean toClean) throws RefusedException {
    MachineList list = documents.list();
    Optional<Machine> listed = list.find(name);
    if (toClean) {
      require(listed.isEmpty(), "machine " + Names.quote(name) + " is in the list: it stays");
      return list.removed().stream()
          .filter(machine -> machine.name().equals(name))
          .findFirst()
          .orElseThrow(() -> notListed(name));
    }
    require(
        documents.livetag().value() || requester.equals(CLIENT),
        "self-management is switched off (livetag false)");
    return listed.orElseThrow(() -> notListed(name));
  }

  private static RefusedException notListed(String name) {
    return new RefusedException("machine " + Names.quote(name) + " is not in the list");
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

  /** A release is adopted by running it; all else by holding it. */
  private List<String> newer(Versions theirs) {
    List<String> texts = new ArrayList<>();
    for (DocumentType type : DocumentType.values()) {
      if (type != DocumentType.RELEASE && isOlder(theirs, type)) {
        documents.held(type).map(Document::text).ifPresent(texts::add);
      }
    }
    return texts;
  }

  /** The order of documents as far as versions tell it: counter, livetag false, the lower hash. */
  private boolean isOlder(Versions theirs, DocumentType type) {
    Optional<Version> mine = documents.versions().of(type);
    Optional<Version> their = theirs.of(type);
    if (mine.isEmpty() || mine.equals(their)) {
      return false;
    }
    long lead = mine.get().counter() - theirs.counter(type);
    boolean switchedOff = type == DocumentType.LIVETAG && !documents.livetag().value();
    return lead > 0
        || lead == 0 && (switchedOff || mine.get().hash().compareTo(their.get().hash()) < 0);
  }

  private static boolean anyNewer(Versions theirs, Versions mine) {
    return theirs.byType().entrySet().stream()
        .anyMatch(
            their ->
                !mine.of(their.getKey()).equals(Optional.of(their.getValue()))
                    && their.getValue().counter() >= mine.counter(their.getKey()));
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
