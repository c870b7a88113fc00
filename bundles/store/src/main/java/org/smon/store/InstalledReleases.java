// SPDX-License-Identifier: Apache-2.0
package org.smon.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.Document;
import org.smon.api.InvalidInputException;
import org.smon.api.LocalPeer;
import org.smon.api.Releases;

/**
 * The releases as the dispatcher, the start script and the kernel keep them below {@code state/}:
 * {@code installed} and {@code previous} name one each (HASH RUNTIME), {@code release-HASH} is its
 * signed manifest, {@code complete} names the newest that all waves went through. Read anew each
 * time: others write them.
 */
@Component(service = Releases.class)
public final class InstalledReleases implements Releases {
  private final Path state;

  @Activate
  public InstalledReleases(@Reference LocalPeer peer) {
    this(peer.root().resolve("state"));
  }

  public InstalledReleases(Path state) {
    this.state = state;
  }

  @Override
  public Optional<Document> adopted() {
    return named("installed");
  }

  @Override
  public Optional<Document> previous() {
    return named("previous");
  }

  @Override
  public Optional<Document> deployable() {
    Optional<Document> adopted = adopted();
    Optional<Document> previous = previous();
    boolean complete = word("complete").equals(adopted.map(Document::hash));
    return complete || previous.isEmpty() ? adopted : previous;
  }

  /** A manifest that is damaged is as good as none: the installation has to be done anew. */
  private Optional<Document> named(String pointer) {
    return word(pointer).flatMap(hash -> text("release-" + hash)).flatMap(this::parsed);
  }

  private Optional<Document> parsed(String text) {
    try {
      return Optional.of(Document.parse(text));
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
  }

  private Optional<String> word(String name) {
    return text(name).map(text -> text.strip().split(" ")[0]).filter(hash -> !hash.isEmpty());
  }

  private Optional<String> text(String name) {
    try {
      return Optional.of(Files.readString(state.resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
