// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smon.kernel.Order;
import org.smon.kernel.Outcome;

/**
 * What outlives a crash at any instant (R54): {@code state/installed} names the set that is
 * started, {@code state/trial} the one on trial. Each is one small file, replaced as a whole, so
 * after a crash the last adopted set runs. Kept apart from the store, which is swapped. One thread.
 */
final class Journal {
  private static final String INSTALLED = "installed";
  private static final String PREVIOUS = "previous";
  private static final String TRIAL = "trial";
  private static final String TRIED = "tried";
  private static final String OUTCOME = "outcome";
  private static final Pattern FEATURES =
      Pattern.compile("(?m)^blob \\S+ \\d+ bundle org/smon/smon-features/([^/\\s]+)/\\S+$");
  private static final Pattern JRE = Pattern.compile("(?m)^blob ([0-9a-f]{64}) \\d+ jre \\S+$");
  private static final Pattern RUNTIME =
      Pattern.compile("(?m)^blob ([0-9a-f]{64}) \\d+ runtime \\S+$");

  private final Path root;

  Journal(Path root) {
    this.root = root;
  }

  /**
   * A set that can be started.
   *
   * @param release hex hash of its signed manifest
   * @param runtime hex hash of its runtime's archive
   */
  record Installed(String release, String runtime) {
    String line() {
      return release + " " + runtime;
    }

    static Installed ofLine(String line) {
      String[] word = line.split(" ");
      return new Installed(word[0], word.length > 1 ? word[1] : "");
    }
  }

  Optional<Installed> installed() throws IOException {
    return line(INSTALLED).map(Installed::ofLine);
  }

  /** The version of a release's features repository. */
  String features(String release) throws IOException {
    return find(FEATURES, release, "features repository");
  }

  String runtime(String release) throws IOException {
    return find(RUNTIME, release, "runtime");
  }

  /** Empty if the release brings no Java. */
  Optional<String> jre(String release) throws IOException {
    return find(JRE, release);
  }

  private String find(Pattern pattern, String release, String what) throws IOException {
    return find(pattern, release)
        .orElseThrow(() -> new IOException("release " + release + " names no " + what));
  }

  private Optional<String> find(Pattern pattern, String release) throws IOException {
    Matcher matcher = pattern.matcher(Files.readString(manifest(release)));
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  boolean knows(String release) {
    return Files.isRegularFile(manifest(release));
  }

  private Path manifest(String release) {
    return root.resolve("state").resolve("release-" + release);
  }

  /** The intent. What Karaf keeps in data/ is no good for a start any more from here on. */
  void begin(Order order) throws IOException {
    write(
        TRIAL,
        String.join(
            "\n",
            order.release(),
            Long.toString(order.probationMillis()),
            Long.toString(order.patienceMillis()),
            order.baseline()));
    write(TRIED, order.release() + " " + (tried(order.release()) + 1));
    forgetData();
  }

  /** The trial that was under way when the process before this one ended. */
  Optional<Order> trial() throws IOException {
    Optional<String> text = text(TRIAL);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    List<String> lines = text.get().lines().toList();
    String baseline = lines.size() > 3 ? lines.get(3) : "";
    return Optional.of(
        new Order(
            lines.get(0), Long.parseLong(lines.get(1)), Long.parseLong(lines.get(2)), baseline));
  }

  /** How often a trial of this release was begun and not ended. */
  int tried(String release) throws IOException {
    String[] word = line(TRIED).orElse("").split(" ");
    return word.length == 2 && word[0].equals(release) ? Integer.parseInt(word[1]) : 0;
  }

  /** The set on trial is the one that is started from now on. */
  void adopt(Installed set) throws IOException {
    Optional<Installed> before = installed();
    if (before.isPresent() && !before.get().release().equals(set.release())) {
      write(PREVIOUS, before.get().line());
    }
    write(OUTCOME, set.release());
    write(INSTALLED, set.line());
    end();
  }

  /** The set on trial is no good; the installed one stays. */
  void refuse(String release, String reason) throws IOException {
    write(OUTCOME, release + " " + reason);
    end();
  }

  /** The trial was cut short by no fault of the set's own; it may be tried again. */
  void abandon() throws IOException {
    Files.deleteIfExists(file(TRIAL));
    forgetData();
  }

  private void end() throws IOException {
    Files.deleteIfExists(file(TRIED));
    Files.deleteIfExists(file(TRIAL));
  }

  /** What is not told yet. */
  Optional<Outcome> untold() throws IOException {
    return line(OUTCOME)
        .map(
            line -> {
              int space = line.indexOf(' ');
              return space < 0
                  ? new Outcome(line, null)
                  : new Outcome(line.substring(0, space), line.substring(space + 1));
            });
  }

  void told() throws IOException {
    Files.deleteIfExists(file(OUTCOME));
  }

  /** The next start makes data/ anew, out of the installed set. */
  private void forgetData() throws IOException {
    Files.deleteIfExists(root.resolve("base/data.of"));
  }

  private Optional<String> line(String name) throws IOException {
    return text(name).map(String::strip).filter(text -> !text.isEmpty());
  }

  private Optional<String> text(String name) throws IOException {
    Path file = file(name);
    return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  private Path file(String name) {
    return root.resolve("state").resolve(name);
  }

  private void write(String name, String text) throws IOException {
    Path temporary = file(name + ".new");
    try (FileChannel out =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(temporary, file(name), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(file(name).getParent())) {
      directory.force(true);
    }
  }
}
