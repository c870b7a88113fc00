// SPDX-License-Identifier: Apache-2.0
package org.smon.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Hashes;
import org.smon.api.InvalidInputException;

class FileBlobsTest {
  private final byte[] content = new byte[200_000];
  private final String sha256 = Hashes.of(content);

  @TempDir Path directory;
  private FileBlobs blobs;

  @BeforeEach
  void open() throws IOException {
    blobs = new FileBlobs(directory);
  }

  @Test
  void aStoredBlobIsFoundByItsHash() throws Exception {
    assertEquals(Optional.empty(), blobs.find(sha256));
    Path stored = blobs.store(sha256, new ByteArrayInputStream(content));
    assertEquals(Optional.of(stored), new FileBlobs(directory).find(sha256));
    assertArrayEquals(content, Files.readAllBytes(stored));
  }

  @Test
  void anAlteredOrCutOneIsRefusedAndLeavesNothing() throws Exception {
    byte[] altered = content.clone();
    altered[199_999] = 1;
    assertThrows(IOException.class, () -> blobs.store(sha256, new ByteArrayInputStream(altered)));
    assertThrows(
        IOException.class, () -> blobs.store(sha256, new ByteArrayInputStream(content, 0, 10)));
    InputStream breaking =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection lost");
          }
        };
    assertThrows(IOException.class, () -> blobs.store(sha256, breaking));
    try (var files = Files.list(directory)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void aFileDamagedOnDiskIsAsGoodAsNoneAndIsReplaced() throws Exception {
    Files.write(directory.resolve(sha256), new byte[3]);
    assertEquals(Optional.empty(), blobs.find(sha256));
    blobs.store(sha256, new ByteArrayInputStream(content));
    assertArrayEquals(content, Files.readAllBytes(blobs.find(sha256).orElseThrow()));
  }

  @Test
  void onlyHashesAreNames() {
    assertThrows(InvalidInputException.class, () -> blobs.find("../secret"));
  }
}
