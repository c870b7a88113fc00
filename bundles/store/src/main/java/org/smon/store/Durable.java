// SPDX-License-Identifier: Apache-2.0
package org.smon.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files that are whole or absent after a crash at any instant (R54): written beside, flushed,
 * renamed, and the rename flushed too.
 */
final class Durable {
  private static final String SUFFIX = ".tmp";
  private static final AtomicLong COUNT = new AtomicLong();

  private Durable() {}

  /** A name no other thread or process writes to; leftovers are told by their pid. */
  static Path beside(Path file) {
    String mark = ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    return file.resolveSibling(file.getFileName() + "." + mark + SUFFIX);
  }

  static void write(Path file, byte[]... parts) throws IOException {
    Path temporary = beside(file);
    try {
      try (FileChannel out =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (byte[] part : parts) {
          write(out, ByteBuffer.wrap(part));
        }
        out.force(true);
      }
      publish(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Gives a flushed file its name. */
  static void publish(Path temporary, Path file) throws IOException {
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    flushDirectory(file.getParent());
  }

  static void flushDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory)) {
      channel.force(true);
    }
  }

  private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** Makes the directory, and removes what processes that died there were writing. */
  static void prepare(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(directory, "*.[0-9]*-[0-9]*" + SUFFIX)) {
      for (Path leftover : leftovers) {
        if (!writerLives(leftover.getFileName().toString())) {
          Files.deleteIfExists(leftover);
        }
      }
    }
  }

  private static boolean writerLives(String name) {
    String mark = name.substring(0, name.length() - SUFFIX.length());
    String pid = mark.substring(mark.lastIndexOf('.') + 1).replaceAll("-.*", "");
    try {
      return ProcessHandle.of(Long.parseLong(pid)).isPresent();
    } catch (NumberFormatException e) {
      return true;
    }
  }
}
