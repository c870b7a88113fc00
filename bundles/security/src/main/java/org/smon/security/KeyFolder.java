// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.smon.api.InvalidInputException;

/**
 * The keys that a peer, an agent or a client holds: one file each, named by the key's id, 0600,
 * whole or absent after a crash. Which of them count is not said here but by the keyring in force.
 * Another process may add files at any time. Any thread.
 */
public record KeyFolder(Path directory) {
  private static final String ID = "[0-9a-f]{64}";

  /** Whole keys by id. A file that holds no key, or another than its name says, is none. */
  public Map<String, OverlayKey> keys() throws IOException {
    Map<String, OverlayKey> keys = new TreeMap<>();
    List<String> damages = new ArrayList<>();
    for (Path file : files()) {
      try {
        keys.put(file.getFileName().toString(), whole(file));
      } catch (InvalidInputException e) {
        damages.add(e.getMessage());
      } catch (NoSuchFileException e) {
        continue; // removed meanwhile by the process that owns the folder
      }
    }
    if (keys.isEmpty()) {
      throw new InvalidInputException(
          damages.isEmpty() ? "there is no overlay key in " + directory : damages.get(0));
    }
    return keys;
  }

  public void add(OverlayKey key) throws IOException {
    Files.createDirectories(directory);
    key.save(file(key.keyId()));
  }

  /** Removes all keys but these. */
  public void keepOnly(Collection<String> ids) throws IOException {
    for (Path file : files()) {
      if (!ids.contains(file.getFileName().toString())) {
        Files.deleteIfExists(file);
      }
    }
  }

  public Path file(String id) {
    return directory.resolve(id);
  }

  private static OverlayKey whole(Path file) throws IOException {
    OverlayKey key = OverlayKey.load(file);
    if (!key.keyId().equals(file.getFileName().toString())) {
      throw new InvalidInputException(
          "overlay key " + file + " is damaged: it is another key than its name says");
    }
    return key;
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (entry.getFileName().toString().matches(ID)) {
          files.add(entry);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return files;
  }
}
