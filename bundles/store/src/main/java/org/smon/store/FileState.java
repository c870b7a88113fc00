// SPDX-License-Identifier: Apache-2.0
package org.smon.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.Events;
import org.smon.api.Hashes;
import org.smon.api.InvalidInputException;
import org.smon.api.LocalPeer;
import org.smon.api.Names;
import org.smon.api.State;

/**
 * State as one file a value, with its SHA-256 in the first line, and the previous generation beside
 * it as {@code NAME.prev}, read when the newest is damaged (R54). A value named {@code doc-...} is
 * a signed document: it carries its own proof, and the dispatcher's shell reads it too, so its file
 * is the bare value, and who reads it goes to {@code NAME.prev} if the proof fails.
 */
@Component(service = State.class)
public final class FileState implements State {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,100}");
  private static final String BARE = "doc-";
  private static final String PREVIOUS = ".prev";
  private static final String HEADER = "smon state 1 ";
  private static final int HEADER_BYTES = HEADER.length() + 64 + 1;
  private static final System.Logger LOG = System.getLogger(FileState.class.getName());

  private final Path directory;
  private final Consumer<String> damage;
  private final Set<String> damaged = new HashSet<>();

  /** A peer's state, in {@code state/} below its root. */
  @Activate
  public FileState(@Reference LocalPeer peer, @Reference Events events) throws IOException {
    this(peer.root().resolve("state"), line -> events.emit("damaged", peer.name(), line, Map.of()));
  }

  public FileState(Path directory) throws IOException {
    this(directory, line -> LOG.log(System.Logger.Level.WARNING, line));
  }

  /**
   * @param damage told in one line of each damaged value, once
   */
  public FileState(Path directory, Consumer<String> damage) throws IOException {
    this.directory = directory;
    this.damage = damage;
    Durable.prepare(directory);
  }

  @Override
  public synchronized Optional<byte[]> read(String name) throws IOException {
    Path file = file(name);
    Optional<byte[]> newest = content(file, name);
    if (newest.isPresent()) {
      return newest;
    }
    Optional<byte[]> previous = content(previous(file), name);
    if (Files.exists(file)) {
      if (previous.isEmpty()) {
        throw new IOException(file + " is damaged, and so is what was there before it");
      }
      if (damaged.add(name)) {
        damage.accept(file + " is damaged: using what was there before it");
      }
    }
    return previous;
  }

  @Override
  public synchronized void write(String name, byte[] value) throws IOException {
    Path file = file(name);
    try {
      keepPrevious(file);
      if (name.startsWith(BARE)) {
        Durable.write(file, value);
      } else {
        Durable.write(file, header(value), value);
      }
    } catch (IOException e) {
      throw new IOException("cannot write " + file + ": " + reason(e), e);
    }
  }

  /** Those about a file begin with its name, which may be that of a temporary one. */
  private static String reason(IOException e) {
    return e instanceof FileSystemException about && about.getReason() != null
        ? about.getReason()
        : String.valueOf(e.getMessage());
  }

  /** The previous generation goes first, or a crash in between would bring it back. */
  @Override
  public synchronized void delete(String name) throws IOException {
    Path file = file(name);
    Files.deleteIfExists(previous(file));
    Durable.flushDirectory(directory);
    Files.deleteIfExists(file);
    Durable.flushDirectory(directory);
  }

  /** A second name for the file, so that the first one is there at every instant. */
  private void keepPrevious(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    Files.deleteIfExists(previous(file));
    try {
      Files.createLink(previous(file), file);
    } catch (UnsupportedOperationException | IOException e) {
      Durable.write(previous(file), Files.readAllBytes(file));
    }
  }

  /** The value of a whole file; empty if it is absent or damaged. */
  private static Optional<byte[]> content(Path file, String name) throws IOException {
    try {
      byte[] whole = Files.readAllBytes(file);
      return name.startsWith(BARE) ? Optional.of(whole) : checked(whole);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> checked(byte[] whole) {
    if (whole.length < HEADER_BYTES) {
      return Optional.empty();
    }
    byte[] value = Arrays.copyOfRange(whole, HEADER_BYTES, whole.length);
    return Arrays.equals(header(value), 0, HEADER_BYTES, whole, 0, HEADER_BYTES)
        ? Optional.of(value)
        : Optional.empty();
  }

  private static byte[] header(byte[] value) {
    return (HEADER + Hashes.of(value) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static Path previous(Path file) {
    return file.resolveSibling(file.getFileName() + PREVIOUS);
  }

  private Path file(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidInputException("state name " + Names.quote(name) + " is not a file name");
    }
    return directory.resolve(name);
  }
}
