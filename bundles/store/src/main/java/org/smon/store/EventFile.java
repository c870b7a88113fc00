// SPDX-License-Identifier: Apache-2.0
package org.smon.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.Event;
import org.smon.api.Events;
import org.smon.api.LocalPeer;

/**
 * Events as lines of {@code events.jsonl}; at 1 MB it becomes {@code events.1.jsonl}, and the one
 * before is dropped. The latest are held in memory; older ones are read from the files. No two
 * events of a process have one time, so that "after" loses none.
 */
@Component(service = Events.class)
public final class EventFile implements Events {
  static final int MOST_BYTES = 1 << 20;
  static final int IN_MEMORY = 500;

  private static final Duration CLOCK_STEP = Duration.ofSeconds(1);
  private static final System.Logger LOG = System.getLogger(EventFile.class.getName());

  private final String peer;
  private final Clock clock;
  private final Path file;
  private final Path older;
  private final Deque<Event> latest = new ArrayDeque<>();
  private Instant last = Instant.EPOCH;
  private boolean failing;

  /** A peer's events, in {@code log/} below its root. */
  @Activate
  public EventFile(@Reference LocalPeer self) throws IOException {
    this(self.root().resolve("log"), self.name(), Clock.systemUTC());
  }

  /**
   * @param peer who sees the events: a machine's name, "client" or "agent"
   */
  public EventFile(Path directory, String peer, Clock clock) throws IOException {
    this.peer = peer;
    this.clock = clock;
    file = directory.resolve("events.jsonl");
    older = directory.resolve("events.1.jsonl");
    Files.createDirectories(directory);
    endLastLine();
    read().forEach(this::remember);
  }

  @Override
  public synchronized void emit(
      String kind, String machine, String cause, Map<String, String> detail) {
    Event event = new Event(now(), peer, kind, machine, cause, detail);
    remember(event);
    try {
      append(EventLine.write(event).getBytes(StandardCharsets.UTF_8));
      failing = false;
    } catch (IOException e) {
      complain(e);
    }
  }

  @Override
  public synchronized List<Event> query(String machine, Instant after, int limit) {
    boolean inMemory =
        latest.size() < IN_MEMORY
            || (after != null && !latest.getFirst().at().isAfter(after))
            || (machine == null && limit <= latest.size());
    List<Event> found =
        (inMemory ? List.copyOf(latest) : read())
            .stream()
                .filter(e -> after == null || e.at().isAfter(after))
                .filter(e -> machine == null || machine.equals(e.machine()))
                .toList();
    return found.subList(Math.max(0, found.size() - Math.max(0, limit)), found.size());
  }

  private void remember(Event event) {
    latest.addLast(event);
    last = event.at();
    if (latest.size() > IN_MEMORY) {
      latest.removeFirst();
    }
  }

  /** Later than the event before, unless the clock was set back. */
  private Instant now() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    boolean behind = !now.isAfter(last) && now.plus(CLOCK_STEP).isAfter(last);
    return behind ? last.plus(1, ChronoUnit.MICROS) : now;
  }

  private void append(byte[] line) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      if (out.size() < MOST_BYTES) {
        return;
      }
    }
    Files.move(file, older, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A full disk must not stop a peer: said once, and events live on in memory. */
  private void complain(IOException e) {
    if (!failing) {
      failing = true;
      LOG.log(System.Logger.Level.WARNING, "cannot write {0}: {1}", file, e.getMessage());
    }
  }

  /** A line that a crash cut short must not swallow the next one. */
  private void endLastLine() throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return;
    }
    try (RandomAccessFile end = new RandomAccessFile(file.toFile(), "rw")) {
      end.seek(end.length() - 1);
      if (end.read() != '\n') {
        end.write('\n');
      }
    }
  }

  private List<Event> read() {
    List<Event> events = new ArrayList<>();
    for (Path part : List.of(older, file)) {
      try {
        new String(Files.readAllBytes(part), StandardCharsets.UTF_8)
            .lines()
            .flatMap(line -> EventLine.read(line).stream())
            .forEach(events::add);
      } catch (NoSuchFileException e) {
        continue; // nothing yet
      } catch (IOException e) {
        complain(e);
      }
    }
    return events;
  }
}
