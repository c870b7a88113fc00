// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.Document;
import org.smon.api.DocumentTrust;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.InvalidInputException;
import org.smon.api.Livetag;
import org.smon.api.LocalPeer;
import org.smon.api.MachineList;
import org.smon.api.Release;
import org.smon.api.Settings;
import org.smon.api.State;
import org.smon.api.Versions;
import org.smon.membership.DocumentFiles.Copy;

/**
 * The documents in force here: taken only when genuine and newer, on disk before anybody hears of
 * them (R40, R54). Reading never waits for a writer.
 */
@Component(service = Documents.class)
public final class HeldDocuments implements Documents {
  private static final System.Logger LOG = System.getLogger(HeldDocuments.class.getName());

  private final DocumentFiles files;
  private final DocumentTrust trust;
  private final Damage damage;
  private final Document genesis;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile Held held;
  private volatile Conflicts conflicts;

  /** What is obeyed but could not be kept, for the disk is full; or null. */
  private Document unkept;

  /** A peer's documents; those on its disk must be of the overlay it was started for. */
  @Activate
  public HeldDocuments(
      @Reference State state,
      @Reference DocumentTrust trust,
      @Reference LocalPeer peer,
      @Reference Events events)
      throws IOException {
    this(state, trust, line -> events.emit("damaged", peer.name(), line, Map.of()));
    if (!genesis.hash().equals(peer.overlay())) {
      throw new InvalidInputException(
          "the documents here are of overlay " + genesis.hash() + ", not " + peer.overlay());
    }
  }

  /** A client's or agent's documents: {@link #found} comes first. */
  public HeldDocuments(State state, DocumentTrust trust) throws IOException {
    this(state, trust, line -> LOG.log(System.Logger.Level.WARNING, line));
  }

  public HeldDocuments(State state, DocumentTrust trust, Damage damage) throws IOException {
    this.files = new DocumentFiles(state);
    this.trust = trust;
    this.damage = damage;
    genesis = loadGenesis();
    held = load();
    conflicts = loadConflicts();
  }

  /** Keeps the first settings document of an overlay; refuses to replace one. */
  public static HeldDocuments found(State state, DocumentTrust trust, Document genesis)
      throws IOException {
    DocumentFiles files = new DocumentFiles(state);
    List<Document> there =
        files.genesis().stream().map(Copy::document).filter(Objects::nonNull).toList();
    if (there.stream().anyMatch(copy -> !copy.hash().equals(genesis.hash()))) {
      throw new InvalidInputException("there is an overlay here already; it is left as it is");
    }
    if (there.isEmpty()) {
      files.writeGenesis(genesis);
    }
    return new HeldDocuments(state, trust);
  }

  @Override
  public Optional<Document> held(DocumentType type) {
    return held.document(type);
  }

  @Override
  public Document genesis() {
    return genesis;
  }

  @Override
  public Versions versions() {
    return held.versions();
  }

  @Override
  public Settings settings() {
    return held.settings();
  }

  @Override
  public MachineList list() {
    return held.list();
  }

  @Override
  public Livetag livetag() {
    return held.livetag();
  }

  @Override
  public Optional<Release> release() {
    return held.release();
  }

  @Override
  public List<Document> conflicts(DocumentType type) {
    return conflicts.of(type);
  }

  @Override
  public List<String> conflictHashes() {
    return conflicts.hashes();
  }

  @Override
  public Offer offer(Document document) {
    Taken taken = take(document);
    if (taken.inForce) {
      listeners.forEach(listener -> listener.adopted(document));
    }
    if (taken.loser != null) {
      Document winner = taken.loser == document ? taken.mine : document;
      listeners.forEach(listener -> listener.conflict(winner, taken.loser));
    }
    return taken.offer;
  }

  @Override
  public void subscribe(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void unsubscribe(Listener listener) {
    listeners.remove(listener);
  }

  /**
   * @param inForce the offered one is, and was not before
   * @param mine what was held before, or null
   * @param loser what was not known before to have lost without being built upon, or null
   */
  private record Taken(Offer offer, boolean inForce, Document mine, Document loser) {}

  private synchronized Taken take(Document document) {
    Document mine = held(document.type()).orElse(null);
    if (mine != null && mine.hash().equals(document.hash())) {
      return mine == unkept ? keepAtLast(mine) : taken(Offer.Verdict.KNOWN, null);
    }
    Optional<String> refusal = trust.refusal(document, overlayId(), held.settings(), mine);
    if (refusal.isPresent()) {
      return taken(Offer.Verdict.REFUSED, refusal.get());
    }
    try {
      return mine == null || document.supersedes(mine)
          ? adopt(document, mine)
          : keepBeside(document, mine);
    } catch (IOException e) {
      return unkept(document, mine, e);
    }
  }

  /**
   * What is not on disk is not in force. Livetag false alone is obeyed all the same, as long as
   * this process lives: or one full disk would go on pinging, and keep all others awake (R27).
   */
  private Taken unkept(Document document, Document mine, IOException e) {
    String reason = "cannot be kept on disk: " + e.getMessage();
    boolean obeyed =
        document.type() == DocumentType.LIVETAG
            && !Livetag.ofBody(document.body()).value()
            && (mine == null || document.supersedes(mine));
    if (!obeyed) {
      return taken(Offer.Verdict.REFUSED, reason);
    }
    unkept = document;
    held = held.with(document);
    String told = reason + "; it is obeyed until this process ends";
    return new Taken(new Offer(Offer.Verdict.REFUSED, told), true, mine, null);
  }

  private Taken keepAtLast(Document document) {
    try {
      files.write(document);
      unkept = null;
      return taken(Offer.Verdict.KNOWN, null);
    } catch (IOException e) {
      return taken(Offer.Verdict.REFUSED, "cannot be kept on disk: " + e.getMessage());
    }
  }

  /** What it leaves out is on disk first, so that it is not lost by a crash in between. */
  private Taken adopt(Document document, Document mine) throws IOException {
    Document loser = mine != null && document.leavesOut(mine) ? mine : null;
    Conflicts more = loser == null ? conflicts : conflicts.with(loser);
    write(more);
    files.write(document);
    held = held.with(document);
    conflicts = more;
    write(more.settledBy(document));
    conflicts = more.settledBy(document);
    return new Taken(new Offer(Offer.Verdict.ADOPTED, null), true, mine, loser);
  }

  private Taken keepBeside(Document document, Document mine) throws IOException {
    if (!mine.leavesOut(document)) {
      return taken(Offer.Verdict.OLDER, null);
    }
    Offer offer = new Offer(Offer.Verdict.CONFLICT, null);
    Conflicts more = conflicts.has(document.hash()) ? conflicts : conflicts.with(document);
    if (more.hashes().equals(conflicts.hashes())) {
      return new Taken(offer, false, mine, null); // known, or older than all that is kept
    }
    write(more);
    conflicts = more;
    return new Taken(offer, false, mine, document);
  }

  private void write(Conflicts changed) throws IOException {
    if (!changed.hashes().equals(conflicts.hashes())) {
      files.writeConflicts(changed);
    }
  }

  private static Taken taken(Offer.Verdict verdict, String reason) {
    return new Taken(new Offer(verdict, reason), false, null, null);
  }

  /** The newest whole copy of each type; one damaged beyond that is fetched from others again. */
  private Held load() throws IOException {
    Held loaded = Held.of(genesis);
    for (DocumentType type : DocumentType.values()) { // settings first: they say who counts
      Document newest = newestWhole(type, loaded.settings());
      loaded = newest == null ? loaded : loaded.with(newest);
    }
    return loaded.documents().containsKey(DocumentType.SETTINGS) ? loaded : loaded.with(genesis);
  }

  private Document newestWhole(DocumentType type, Settings settings) throws IOException {
    Copy newest = null;
    List<Copy> damaged = new ArrayList<>();
    for (Copy copy : files.copies(type)) {
      if (copy.document() == null || !whole(copy.document(), type, settings)) {
        damaged.add(copy);
      } else if (newest == null || copy.document().supersedes(newest.document())) {
        newest = copy;
      }
    }
    tell(damaged, newest, "others have it");
    return newest == null ? null : newest.document();
  }

  private Document loadGenesis() throws IOException {
    List<Copy> damaged = new ArrayList<>();
    for (Copy copy : files.genesis()) {
      Optional<String> refusal = refusal(copy);
      if (refusal.isEmpty()) {
        tell(damaged, copy, null);
        return copy.document();
      }
      damaged.add(new Copy(copy.file(), null, refusal.get()));
    }
    if (damaged.isEmpty()) {
      throw new InvalidInputException(
          "there is no overlay here: `smon init` makes one, --home names another");
    }
    throw new InvalidInputException(
        "the founding document of the overlay is damaged: " + damaged.get(0).damage());
  }

  private Optional<String> refusal(Copy copy) {
    Document first = copy.document();
    return first == null
        ? Optional.of(copy.damage())
        : trust.refusal(first, first.hash(), Settings.ofBody(first.body()), null);
  }

  private void tell(List<Copy> damaged, Copy used, String otherwise) {
    for (Copy copy : damaged) {
      damage.found(
          copy.file()
              + " is damaged ("
              + (copy.damage() == null ? "no operator's signature fits" : copy.damage())
              + "): "
              + (used == null
                  ? otherwise
                  : "using " + used.file() + ", version " + used.document().counter()));
    }
  }

  private Conflicts loadConflicts() {
    Conflicts loaded = Conflicts.NONE;
    for (Document loser : files.conflicts()) {
      Document winner = held.document(loser.type()).orElse(null);
      boolean open =
          winner != null
              && !loaded.has(loser.hash())
              && !winner.hash().equals(loser.hash())
              && winner.leavesOut(loser);
      if (open && whole(loser, loser.type(), held.settings())) {
        loaded = loaded.with(loser);
      }
    }
    return loaded;
  }

  /**
   * It was genuine when it was kept, so this looks for damage: settings may have changed operators
   * since, and are held against those they name themselves.
   */
  private boolean whole(Document copy, DocumentType type, Settings settings) {
    try {
      boolean own = type == DocumentType.SETTINGS && copy.type() == type;
      Settings inForce = own ? Settings.ofBody(copy.body()) : settings;
      return copy.type() == type
          && (trust.refusal(copy, overlayId(), inForce, copy).isEmpty()
              || trust.refusal(copy, overlayId(), founders(), copy).isEmpty());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Settings founders() {
    return Settings.ofBody(genesis.body());
  }
}
