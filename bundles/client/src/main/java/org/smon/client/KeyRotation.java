// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Keyring;
import org.smon.api.RefusedException;
import org.smon.security.OverlayKey;
import org.smon.wire.KeyExchange;
import org.smon.wire.MachineStatus;
import org.smon.wire.OfferAnswer;
import org.smon.wire.PeerApi;
import org.smon.wire.StatusAnswer;

/**
 * An ordinary change of K_E (R41): install, use, remove, each a signed keyring that spreads like
 * any document and is awaited at all peers that run, and at the agents, before the next. What was
 * done is on disk and in the overlay, so a later run goes on from there. One thread.
 */
final class KeyRotation {
  private static final int PATIENCE_MILLIS = 3_000;
  private static final int POLL_MILLIS = 300;

  /** A peer that was there and is silent for so long is left to ssh. */
  private static final int SILENT_SECONDS = 15;

  /** Peers helped directly in one round; gossip does the rest. */
  private static final int HELPED_AT_ONCE = 8;

  private final ClientHome home;
  private final Console console;
  private final StatusSource source;
  private final Overlay overlay;
  private final long startNanos = System.nanoTime();
  private final int timeoutSeconds;
  private final Set<String> expected = new TreeSet<>();
  private final Set<String> left = new TreeSet<>();

  KeyRotation(ClientHome home, Console console, int timeoutSeconds) {
    this.home = home;
    this.console = console;
    this.timeoutSeconds = timeoutSeconds;
    source = StatusSource.of(home);
    overlay = new Overlay(home, home.connections(), PATIENCE_MILLIS);
  }

  /** Blocks until the old key is refused by all that run; exit status 3 if the time is over. */
  void run() throws IOException {
    try {
      expected.addAll(online(source.ask()));
    } catch (Overlay.SilentException e) {
      withoutPeers(e);
      return;
    }
    KeyAgents agents = KeyAgents.answering(home);
    if (home.documents().keyring().rotating()) {
      console.say("going on with the rotation that was begun");
    } else {
      OverlayKey next = OverlayKey.generate();
      home.keys().add(next);
      sign(home.documents().keyring().install(next.keyId()));
    }
    publishAndAwait(agents);
    while (home.documents().keyring().rotating()) {
      sign(home.documents().keyring().following());
      publishAndAwait(agents);
    }
    home.removeOldKeys();
    new Publication(home, console).publish(DocumentType.KEYRING);
    tellTheEnd();
  }

  /** Nobody runs who would have to learn of it: the next deployment brings it. */
  private void withoutPeers(Overlay.SilentException silence) throws IOException {
    if (home.everAnswered() && home.documents().livetag().value()) {
      throw new FailedException(
          silence.told()
              + "; peers that run unseen would be cut off. Bring a new key to them over ssh by"
              + " `smon key rotate --leaked`");
    }
    OverlayKey next = OverlayKey.generate();
    home.keys().add(next);
    sign(Keyring.of(next.keyId()));
    home.removeOldKeys();
    console.say("K_E is new; no peer runs, the machines get it with the next `smon deploy`");
  }

  private void sign(Keyring keyring) {
    home.channel(); // follows what is signed from now on
    home.sign(DocumentType.KEYRING, keyring.body());
  }

  private Document keyring() {
    return home.documents().held(DocumentType.KEYRING).orElseThrow();
  }

  private void publishAndAwait(KeyAgents agents) {
    long phaseNanos = System.nanoTime();
    Set<String> behind = new TreeSet<>(expected);
    Map<String, String> agentsBehind = agents.behind(keyring());
    publish();
    while (true) {
      Set<String> running = look(behind);
      boolean patient = System.nanoTime() - phaseNanos < TimeUnit.SECONDS.toNanos(SILENT_SECONDS);
      if (!patient && running.stream().noneMatch(behind::contains)) {
        left.addAll(behind);
        expected.removeAll(behind);
        behind.clear();
      }
      if (!agentsBehind.isEmpty()) {
        agentsBehind = agents.behind(keyring());
      }
      if (behind.isEmpty() && agentsBehind.isEmpty()) {
        console.say(told());
        return;
      }
      requireTime(behind, agentsBehind);
      behind.stream().limit(HELPED_AT_ONCE).forEach(this::help);
      pause();
    }
  }

  /** Strikes out who goes by the keyring by now, adds who turned up; all that answer. */
  private Set<String> look(Set<String> behind) {
    StatusAnswer status;
    try {
      status = source.ask();
    } catch (Overlay.SilentException e) {
      return Set.of(); // all of them turn to other keys at this moment; the deadline bounds it
    }
    long counter = keyring().counter();
    for (MachineStatus machine : status.machines()) {
      if (machine.state() == MachineStatus.State.online) {
        if (KeyView.worksBy(machine, counter)) {
          behind.remove(machine.name());
          left.remove(machine.name());
        } else {
          behind.add(machine.name());
        }
        expected.add(machine.name());
      }
    }
    return online(status);
  }

  /** To any peer; the same keyring of another operator may be there, which is then taken. */
  private void publish() {
    Document keyring = keyring();
    KeyExchange keys = new KeyExchange(home.documents(), home.channel());
    try {
      overlay.ask(peer -> handTo(peer, keyring, keys));
    } catch (Overlay.SilentException e) {
      return; // those that are behind are helped one by one
    }
    if (!keyring().hash().equals(keyring.hash())) {
      throw new OlderException(DocumentType.KEYRING);
    }
  }

  private OfferAnswer handTo(PeerApi peer, Document keyring, KeyExchange keys)
      throws RefusedException {
    OfferAnswer answer = peer.offer(keyring.text());
    switch (answer.verdict()) {
      case ADOPTED, KNOWN -> keys.bring(peer::offerKey);
      case OLDER, CONFLICT -> {
        home.documents().offer(Document.parse(peer.document(DocumentType.KEYRING.word())));
        keys.seek(peer::key);
      }
      case REFUSED -> throw new FailedException("a peer refused it: " + answer.reason());
    }
    return answer;
  }

  private void help(String machine) {
    try {
      PeerApi peer = overlay.peer(machine);
      peer.offer(keyring().text());
      new KeyExchange(home.documents(), home.channel()).bring(peer::offerKey);
    } catch (UncheckedIOException | RefusedException e) {
      // It is tried again in the next round, by its fellows as well.
    }
  }

  private void requireTime(Set<String> behind, Map<String, String> agentsBehind) {
    if (seconds() < timeoutSeconds) {
      return;
    }
    List<String> who =
        java.util.stream.Stream.concat(
                behind.stream(),
                agentsBehind.entrySet().stream()
                    .map(e -> "the agent at " + e.getKey() + " (" + e.getValue() + ")"))
            .toList();
    throw FailedException.notConverged(
        "after %.0f s the keyring %d is not everywhere, the old key still counts; behind: %s. Run `smon key rotate` again to go on"
            .formatted(seconds(), keyring().counter(), String.join(", ", who)));
  }

  private String told() {
    Keyring keyring = home.documents().keyring();
    String phase =
        keyring.next() != null
            ? "1 of 3: all have the new key"
            : keyring.previous() != null
                ? "2 of 3: all use the new key"
                : "3 of 3: all refuse the old key";
    return "%s, %d peers, after %.1f s".formatted(phase, expected.size(), seconds());
  }

  private void tellTheEnd() {
    if (!left.isEmpty()) {
      console.note("smon: did not answer and get the new key over ssh: " + String.join(", ", left));
    }
  }

  private static Set<String> online(StatusAnswer status) {
    return status.machines().stream()
        .filter(m -> m.state() == MachineStatus.State.online)
        .map(MachineStatus::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    }
  }
}
