// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.InvalidInputException;
import org.smon.api.Release;
import org.smon.api.Releases;
import org.smon.api.State;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.ReleasesAnswer.ReleaseLine;

/**
 * The releases of an overlay that a home has come across (R53), and what became of them. The newest
 * document says what was published last; only what was remembered here says what proved good, and
 * so what a new machine is given and where a revert leads. One thread.
 */
public final class HomeReleases implements Releases {
  private static final int KEPT = 64;
  private static final String INDEX = "releases";
  private static final String UNKNOWN = "-";

  private final State state;
  private final Documents documents;
  private final List<Document> known = new ArrayList<>();
  private final Map<String, String> verdicts = new HashMap<>();

  HomeReleases(State state, Documents documents) {
    this.state = state;
    this.documents = documents;
    try {
      read();
    } catch (IOException e) {
      known.clear(); // it is damaged: what is held is what is known
    }
    documents.held(DocumentType.RELEASE).ifPresent(this::note);
  }

  /** Lines of document hash and verdict, oldest first; each document is a value of its own. */
  private void read() throws IOException {
    String index =
        state.read(INDEX).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
    for (String line : index.lines().toList()) {
      String[] word = line.split(" ");
      Optional<Document> document = document(word[0]);
      if (document.isPresent() && word.length == 2) {
        known.add(document.get());
        remember(word[0], word[1]);
      }
    }
  }

  private Optional<Document> document(String hash) throws IOException {
    try {
      return state
          .read(name(hash))
          .map(bytes -> Document.parse(new String(bytes, StandardCharsets.UTF_8)))
          .filter(document -> document.hash().equals(hash));
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
  }

  private static String name(String hash) {
    return "doc-release-" + hash;
  }

  /** Keeps a genuine document. */
  void note(Document document) {
    if (find(document.hash()).isPresent()) {
      return;
    }
    try {
      state.write(name(document.hash()), document.text().getBytes(StandardCharsets.UTF_8));
      known.add(document);
      known.sort(Comparator.comparing(Document::counter));
      while (known.size() > KEPT) {
        state.delete(name(known.remove(0).hash()));
      }
      write();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the overlay or an operator says of it; only good and bad are remembered. */
  void note(String hash, ReleasesAnswer.State verdict) {
    boolean isLast =
        verdict == ReleasesAnswer.State.adopted || verdict == ReleasesAnswer.State.quarantined;
    if (isLast && find(hash).isPresent() && !verdict.name().equals(verdicts.get(hash))) {
      remember(hash, verdict.name());
      try {
        write();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** All that a peer knows. */
  void note(ReleasesAnswer answer) {
    for (ReleaseLine line : answer.releases()) {
      note(line.hash(), line.state());
    }
  }

  private void remember(String hash, String verdict) {
    if (!verdict.equals(UNKNOWN)) {
      verdicts.put(hash, verdict);
    }
  }

  private void write() throws IOException {
    StringBuilder index = new StringBuilder();
    for (Document document : known) {
      String verdict = verdicts.getOrDefault(document.hash(), UNKNOWN);
      index.append(document.hash()).append(' ').append(verdict).append('\n');
    }
    state.write(INDEX, index.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Oldest first. */
  List<Document> known() {
    return List.copyOf(known);
  }

  Optional<Document> find(String hash) {
    return known.stream().filter(document -> document.hash().equals(hash)).findFirst();
  }

  /** The newest of this version. */
  Optional<Document> ofVersion(String version) {
    return newestFirst().stream()
        .filter(document -> Release.ofBody(document.body()).version().equals(version))
        .findFirst();
  }

  /** What a new one has to be above. */
  public String highestVersion() {
    return known.stream()
        .map(document -> Release.ofBody(document.body()).version())
        .max(Comparator.comparing(ReleaseNumber::of))
        .orElseThrow(() -> new FailedException("this home knows of no release of its overlay"));
  }

  boolean isQuarantined(Document document) {
    return is(document, ReleasesAnswer.State.quarantined);
  }

  private boolean is(Document document, ReleasesAnswer.State verdict) {
    return verdict.name().equals(verdicts.get(document.hash()));
  }

  private List<Document> newestFirst() {
    return known.stream().sorted(Comparator.comparing(Document::counter).reversed()).toList();
  }

  private List<Document> good() {
    return newestFirst().stream()
        .filter(document -> is(document, ReleasesAnswer.State.adopted))
        .toList();
  }

  /** The newest that proved good; of an overlay of which nothing was heard, its first one. */
  @Override
  public Optional<Document> adopted() {
    return good().stream()
        .findFirst()
        .or(() -> known.stream().filter(document -> !isQuarantined(document)).findFirst());
  }

  /** The newest good one before it that is another set of files. */
  @Override
  public Optional<Document> previous() {
    return adopted().flatMap(this::before);
  }

  private Optional<Document> before(Document current) {
    return newestFirst().stream()
        .filter(document -> document.counter() < current.counter())
        .filter(document -> !isQuarantined(document) && !sameFiles(document, current))
        .findFirst();
  }

  /** A verdict is remembered when all waves are over. */
  @Override
  public Optional<Document> deployable() {
    return adopted();
  }

  static boolean sameFiles(Document one, Document other) {
    return Objects.equals(Release.ofBody(one.body()).blobs(), Release.ofBody(other.body()).blobs());
  }
}
