// SPDX-License-Identifier: Apache-2.0
package org.smon.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smon.api.InvalidInputException;

class FileStateTest {
  @TempDir Path directory;
  private FileState state;

  @BeforeEach
  void open() throws IOException {
    state = new FileState(directory.resolve("with a space"));
  }

  @Test
  void aValueReadsBackInAnotherProcess() throws Exception {
    byte[] value = {0, 1, -1, '\n'};
    state.write("value", value);
    FileState again = new FileState(directory.resolve("with a space"));
    assertArrayEquals(value, again.read("value").orElseThrow());
    assertEquals(Optional.empty(), again.read("other"));
  }

  @Test
  void aNewestGenerationCutAtAnyLengthGivesThePreviousOne() throws Exception {
    state.write("value", bytes("the first"));
    state.write("value", bytes("the second"));
    Path file = directory.resolve("with a space/value");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.delete(file); // or the hard link of the previous generation would be cut too
      Files.write(file, Arrays.copyOf(whole, length));
      assertArrayEquals(bytes("the first"), state.read("value").orElseThrow(), "cut at " + length);
    }
  }

  @Test
  void aNewestGenerationAlteredAtAnyByteGivesThePreviousOne() throws Exception {
    state.write("value", bytes("the first"));
    state.write("value", bytes("the second"));
    Path file = directory.resolve("with a space/value");
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] altered = whole.clone();
      altered[i] ^= 4;
      Files.delete(file);
      Files.write(file, altered);
      assertArrayEquals(bytes("the first"), state.read("value").orElseThrow(), "byte " + i);
    }
  }

  @Test
  void aLostNewestGenerationGivesThePreviousOneAndADeletedOneNothing() throws Exception {
    state.write("value", bytes("the first"));
    state.write("value", bytes("the second"));
    Files.delete(directory.resolve("with a space/value"));
    assertArrayEquals(bytes("the first"), state.read("value").orElseThrow());
    state.write("value", bytes("the third"));
    state.delete("value");
    assertEquals(Optional.empty(), state.read("value"));
  }

  @Test
  void damageToBothGenerationsIsAnErrorThatNamesTheFile() throws Exception {
    state.write("value", bytes("only"));
    Files.writeString(directory.resolve("with a space/value"), "garbage");
    IOException e = assertThrows(IOException.class, () -> state.read("value"));
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void damageIsToldOnceAndNamesTheFile() throws Exception {
    List<String> told = new ArrayList<>();
    FileState listening = new FileState(directory.resolve("with a space"), told::add);
    listening.write("value", bytes("the first"));
    listening.write("value", bytes("the second"));
    Files.delete(directory.resolve("with a space/value"));
    Files.writeString(directory.resolve("with a space/value"), "garbage");
    listening.read("value");
    listening.read("value");
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.get(0).contains("with a space/value is damaged"), told::toString);
  }

  @Test
  void aWriteThatFailsNamesTheFileAndLeavesWhatWasThere() throws Exception {
    state.write("value", bytes("the first"));
    Files.createDirectories(directory.resolve("with a space/value.prev/in the way"));
    IOException e = assertThrows(IOException.class, () -> state.write("value", bytes("second")));
    assertTrue(e.getMessage().startsWith("cannot write " + directory), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    assertArrayEquals(bytes("the first"), state.read("value").orElseThrow());
  }

  @Test
  void aDocumentIsABareFileForTheShellToRead() throws Exception {
    state.write("doc-list", bytes("one\n"));
    state.write("doc-list", bytes("two\n"));
    assertEquals("two\n", Files.readString(directory.resolve("with a space/doc-list")));
    assertEquals("one\n", Files.readString(directory.resolve("with a space/doc-list.prev")));
    assertArrayEquals(bytes("one\n"), state.read("doc-list.prev").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../x", "a/b", "a b", "a\n", "-x"})
  void aNameThatIsNoFileNameIsRefused(String name) {
    assertThrows(InvalidInputException.class, () -> state.write(name, new byte[0]));
    assertThrows(InvalidInputException.class, () -> state.read(name));
  }

  @Test
  void whatADeadProcessWasWritingIsRemoved() throws Exception {
    Path left = directory.resolve("with a space/value.999999999-1.tmp");
    Path live = Durable.beside(directory.resolve("with a space/value"));
    Files.writeString(left, "half");
    Files.writeString(live, "half");
    new FileState(directory.resolve("with a space"));
    assertFalse(Files.exists(left));
    assertEquals("half", Files.readString(live));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
