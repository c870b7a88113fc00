// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.smon.ssh.JdkEd25519;

/**
 * Byte sequences that must not be somewhere, and the search for them in files and in the memory of
 * processes: a peer's JVM lets nobody attach, so its memory itself is read, which is more than its
 * heap.
 */
final class Secrets {
  private static final int CHUNK = 1 << 20;
  private static final int KEY_BYTES = 32;

  private record Needle(String name, byte[] bytes) {}

  private final Needle[][] byFirstTwo = new Needle[1 << 16][];
  private int longest;

  /** The key itself, in hex, and the lines of its file. */
  Secrets privateKey(String name, Path file) throws IOException {
    KeyPair pair = pair(file);
    String open = PublicKeyEntry.toString(pair.getPublic());
    List<String> lines = Files.readAllLines(file, US_ASCII);
    // The line after the header is the same in all OpenSSH keys without a passphrase.
    lines.subList(lines.size() > 4 ? 2 : 1, lines.size() - 1).stream()
        .filter(line -> !open.contains(line))
        .forEach(line -> add(name + " as text", line.getBytes(US_ASCII)));
    return raw(name, raw(pair.getPrivate()));
  }

  private static KeyPair pair(Path file) throws IOException {
    JdkEd25519.register();
    try {
      return SecurityUtils.getKeyPairResourceParser()
          .loadKeyPairs(null, file, null)
          .iterator()
          .next();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  Secrets raw(String name, byte[] key) {
    add(name, key);
    return add(name + " in hex", HexFormat.of().formatHex(key).getBytes(US_ASCII));
  }

  private static byte[] raw(PrivateKey key) {
    if (key instanceof EdECPrivateKey edwards) {
      return edwards.getBytes().orElseThrow();
    }
    byte[] scalar = ((ECPrivateKey) key).getS().toByteArray();
    return scalar.length <= KEY_BYTES
        ? scalar
        : Arrays.copyOfRange(scalar, scalar.length - KEY_BYTES, scalar.length);
  }

  private Secrets add(String name, byte[] bytes) {
    Needle[] others = byFirstTwo[two(bytes, 0)];
    Needle[] all = others == null ? new Needle[1] : Arrays.copyOf(others, others.length + 1);
    all[all.length - 1] = new Needle(name, bytes);
    byFirstTwo[two(bytes, 0)] = all;
    longest = Math.max(longest, bytes.length);
    return this;
  }

  private static int two(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  /** Names of those that the file holds. */
  Set<String> in(Path file) throws IOException {
    Search search = new Search();
    try (InputStream in = Files.newInputStream(file)) {
      while (search.take(in.read(search.buffer, search.kept, CHUNK))) {
        continue;
      }
    }
    return search.found;
  }

  /** Names of those in the memory that the process may write. */
  Set<String> inMemoryOf(long pid) throws IOException {
    Set<String> found = new TreeSet<>();
    try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
      for (String region : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
        String[] field = region.split("[- ]");
        if (field[2].startsWith("rw")) {
          found.addAll(in(memory, Long.parseLong(field[0], 16), Long.parseLong(field[1], 16)));
        }
      }
    }
    return found;
  }

  private Set<String> in(RandomAccessFile memory, long from, long to) {
    Search search = new Search();
    long at = from;
    try {
      memory.seek(from);
      while (at < to) {
        int read = memory.read(search.buffer, search.kept, (int) Math.min(CHUNK, to - at));
        if (!search.take(read)) {
          break;
        }
        at += read;
      }
    } catch (IOException e) {
      // The process gave this region back meanwhile; what was read of it counts.
    }
    return search.found;
  }

  /** One pass over a stream of bytes; the end of a chunk is seen again with the next one. */
  private final class Search {
    private final byte[] buffer = new byte[CHUNK + longest];
    private final Set<String> found = new TreeSet<>();
    private int kept;

    boolean take(int read) {
      if (read < 0) {
        return false;
      }
      int end = kept + read;
      for (int i = 0; i + 1 < end; i++) {
        Needle[] candidates = byFirstTwo[two(buffer, i)];
        if (candidates != null) {
          compare(candidates, i, end);
        }
      }
      int keep = Math.min(end, longest - 1);
      System.arraycopy(buffer, end - keep, buffer, 0, keep);
      kept = keep;
      return true;
    }

    private void compare(Needle[] candidates, int at, int end) {
      for (Needle needle : candidates) {
        int until = at + needle.bytes.length;
        if (until <= end && Arrays.equals(buffer, at, until, needle.bytes, 0, until - at)) {
          found.add(needle.name);
        }
      }
    }
  }
}
