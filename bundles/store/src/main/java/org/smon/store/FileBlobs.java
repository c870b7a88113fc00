// SPDX-License-Identifier: Apache-2.0
package org.smon.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.Blobs;
import org.smon.api.Hashes;
import org.smon.api.LocalPeer;
import org.smon.api.Names;

/** Blobs as files named by their SHA-256. What is found is verified once a process. */
@Component(service = Blobs.class)
public final class FileBlobs implements Blobs {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path directory;
  private final Set<String> verified = ConcurrentHashMap.newKeySet();

  /** A peer's blobs, in {@code blobs/} below its root. */
  @Activate
  public FileBlobs(@Reference LocalPeer peer) throws IOException {
    this(peer.root().resolve("blobs"));
  }

  public FileBlobs(Path directory) throws IOException {
    this.directory = directory;
    Durable.prepare(directory);
  }

  /** A file that is not what its name says is as good as none: it is fetched again. */
  @Override
  public Optional<Path> find(String sha256) {
    Path file = file(sha256);
    try {
      if (!verified.contains(sha256)) {
        if (!Files.isRegularFile(file) || !hash(file).equals(sha256)) {
          return Optional.empty();
        }
        verified.add(sha256);
      }
      return Files.exists(file) ? Optional.of(file) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public Path store(String sha256, InputStream content) throws IOException {
    Optional<Path> here = find(sha256);
    if (here.isPresent()) {
      return here.get();
    }
    Path file = file(sha256);
    Path temporary = Durable.beside(file);
    try {
      String actual = receive(content, temporary);
      if (!actual.equals(sha256)) {
        throw new IOException("blob " + sha256 + " arrived altered, as " + actual);
      }
      Durable.publish(temporary, file);
      verified.add(sha256);
      return file;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private Path file(String sha256) {
    return directory.resolve(Names.requireHash(sha256));
  }

  private static String receive(InputStream content, Path file) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      MessageDigest digest = Hashes.sha256();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        digest.update(buffer, 0, n);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      out.force(true);
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private static String hash(Path file) throws IOException {
    MessageDigest digest = Hashes.sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
