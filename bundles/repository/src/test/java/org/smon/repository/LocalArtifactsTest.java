// SPDX-License-Identifier: Apache-2.0
package org.smon.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalArtifactsTest {
  @TempDir Path directory;

  @Test
  void jarIsFoundInTheFirstDirectoryThatHasIt() throws IOException {
    Path first = put("first", "a/b/c/1.0/c-1.0.jar");
    put("second", "a/b/c/1.0/c-1.0.jar");
    assertEquals(first, artifacts().find("mvn:a.b/c/1.0"));
  }

  @Test
  void typeAndClassifierNameTheFile() throws IOException {
    Path features = put("second", "a/c/1.0/c-1.0-features.xml");
    assertEquals(features, artifacts().find("mvn:a/c/1.0/xml/features"));
  }

  @Test
  void directoriesMayHaveSpaces() throws IOException {
    put("first", "a/c/1.0/c-1.0.jar");
    Path spaced = Files.move(directory.resolve("first"), directory.resolve("fi rst"));
    Path found = new LocalArtifacts(List.of(spaced)).find("mvn:a/c/1.0");
    try (var in = found.toUri().toURL().openStream()) {
      assertEquals(1, in.readAllBytes().length);
    }
  }

  @Test
  void missingArtifactIsToldAtOnceInOneLine() {
    String message =
        assertThrows(FileNotFoundException.class, () -> artifacts().find("mvn:a/c/1.0"))
            .getMessage();
    assertEquals("mvn:a/c/1.0 is neither in the runtime nor in the release", message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mvn:a/c",
        "mvn:http://x.example!a/c/1.0",
        "mvn:../c/1.0",
        "mvn:a/c/..",
        "mvn:a/c/1.0/jar/x/y",
        "mvn:a//1.0"
      })
  void otherUrlsAreRefused(String url) {
    assertThrows(MalformedURLException.class, () -> artifacts().find(url));
  }

  private LocalArtifacts artifacts() {
    return new LocalArtifacts(List.of(directory.resolve("first"), directory.resolve("second")));
  }

  private Path put(String repository, String path) throws IOException {
    Path file = directory.resolve(repository).resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, new byte[1]);
  }
}
