// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.InvalidInputException;
import org.smon.api.Keyring;

/** What one member does while K_E is rotated (R41). */
class RotationTest {
  private final OverlayKey old = OverlayKey.generate();
  private final OverlayKey next = OverlayKey.generate();
  private final Keyring founding = Keyring.of(old.keyId());
  private final Keyring install = founding.install(next.keyId());
  private final Keyring use = install.following();
  private final Keyring remove = use.following();
  private final Keyring leaked = Keyring.afterLeak(next.keyId());

  @TempDir Path directory;
  private int folders;

  @Test
  void aMemberTakesTheNewKeyAndRemovesTheOldOneStepByStep() throws Exception {
    KeyFolder folder = holding(old);
    KeyDocuments documents = documents();
    KeChannel member = member(folder, documents);
    assertEquals(0, member.keyring());
    assertFalse(member.take(next.bytes()), "no keyring names it yet");

    documents.with(install);
    assertEquals(List.of(next.keyId()), member.missing());
    assertEquals(0, member.keyring());
    assertTrue(member.take(next.bytes()));
    assertEquals(List.of(old.keyId(), next.keyId()), member.trusted());
    assertEquals(1, member.keyring());
    assertArrayEquals(next.bytes(), member.key(next.keyId()).orElseThrow());

    documents.with(use);
    assertEquals(next.keyId(), member.keyId());
    assertEquals(List.of(next.keyId(), old.keyId()), member.trusted());

    documents.with(remove);
    assertEquals(List.of(next.keyId()), member.trusted());
    assertEquals(3, member.keyring());
    assertTrue(member.key(old.keyId()).isEmpty());
    assertEquals(Set.of(next.keyId()), folder.keys().keySet());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.file(next.keyId()))));
  }

  @Test
  void membersOnePhaseApartTalkBothWays() throws Exception {
    List<KeChannel> phases =
        List.of(
            member(holding(old), documents()),
            member(holding(old, next), documents().with(install)),
            member(holding(old, next), documents().with(use)),
            member(holding(next), documents().with(remove)));
    for (int i = 0; i + 1 < phases.size(); i++) {
      KeChannelTest.shakeHands(phases.get(i), phases.get(i));
      KeChannelTest.shakeHands(phases.get(i), phases.get(i + 1));
      if (i != 0) {
        KeChannelTest.shakeHands(phases.get(i + 1), phases.get(i));
      }
    }
  }

  @Test
  void aMemberThatUsesTheNewKeyReachesOneThatKnowsOnlyTheOldOne() throws Exception {
    KeChannel behind = member(holding(old), documents());
    KeChannel ahead = member(holding(old, next), documents().with(use));
    KeChannelTest.shakeHands(behind, ahead);
  }

  @Test
  void theOldKeyIsRefusedBothWaysOnceRemoved() throws Exception {
    KeChannel thief = new KeChannel(old);
    for (Keyring last : List.of(remove, leaked)) {
      KeChannel member = member(holding(old, next), documents().with(last));
      assertThrows(IOException.class, () -> KeChannelTest.shakeHands(member, thief));
      assertThrows(IOException.class, () -> KeChannelTest.shakeHands(thief, member));
    }
  }

  @Test
  void whatIsTrustedFollowsFromTheDiskAloneWhereverACrashCutTheRotation() throws Exception {
    assertTrusts(List.of(old), documents(), old);
    assertTrusts(List.of(old, next), documents(), old); // the key came, its keyring not yet
    assertTrusts(List.of(old), documents().with(install), old);
    assertTrusts(List.of(old, next), documents().with(install), old, next);
    assertTrusts(List.of(old, next), documents().with(use), next, old);
    assertTrusts(List.of(old, next), documents().with(remove), next); // before the file was removed
    assertTrusts(List.of(next), documents().with(remove), next);
    assertTrusts(List.of(old), documents().with(remove), old); // missed it all: healed over ssh
    assertTrusts(List.of(old), documents().with(leaked), old);
    assertTrusts(List.of(old, next), documents().with(leaked), next);
  }

  private void assertTrusts(List<OverlayKey> held, KeyDocuments documents, OverlayKey... trusted)
      throws IOException {
    KeyFolder folder = holding(held.toArray(OverlayKey[]::new));
    KeChannel member = member(folder, documents);
    List<String> ids = List.of(trusted).stream().map(OverlayKey::keyId).toList();
    assertEquals(ids, member.trusted());
    KeChannel again = member(folder, documents);
    assertEquals(ids, again.trusted(), "a second start sees it otherwise");
  }

  @Test
  void aKeyLeftByAVisitorIsFoundByLookingAgain() throws Exception {
    KeyFolder folder = holding(old);
    KeyDocuments documents = documents().with(leaked);
    KeChannel member = member(folder, documents);
    AtomicInteger told = new AtomicInteger();
    member.onChange(told::incrementAndGet);
    SSLContext before = member.context();
    member.refresh();
    assertSame(before, member.context());
    folder.add(next);
    member.refresh();
    assertEquals(1, told.get());
    assertNotSame(before, member.context());
    assertEquals(List.of(next.keyId()), member.trusted());
    assertEquals(Set.of(next.keyId()), folder.keys().keySet());
  }

  @Test
  void whoSharesAFolderRemovesNothingFromIt() throws Exception {
    KeyFolder folder = holding(old, next);
    KeyDocuments documents = documents();
    KeChannel agent = new KeChannel(folder, documents, SigningKey.generate().pair(), false);
    documents.with(remove);
    assertEquals(List.of(next.keyId()), agent.trusted());
    assertEquals(2, folder.keys().size());
  }

  @Test
  void aFileWithAnotherKeyThanItsNameSaysIsNone() throws Exception {
    KeyFolder folder = holding(old);
    next.save(folder.file("ab".repeat(32)));
    Files.writeString(folder.file("cd".repeat(32)), "rubbish\n");
    assertEquals(Set.of(old.keyId()), folder.keys().keySet());
    Files.delete(folder.file(old.keyId()));
    InvalidInputException e = assertThrows(InvalidInputException.class, folder::keys);
    assertTrue(e.getMessage().contains(folder.directory().toString()), e.getMessage());
  }

  @Test
  void aFolderWithoutKeysIsNamed() {
    KeyFolder none = new KeyFolder(directory.resolve("none"));
    InvalidInputException e = assertThrows(InvalidInputException.class, none::keys);
    assertTrue(e.getMessage().contains("none"), e.getMessage());
  }

  private KeyFolder holding(OverlayKey... keys) throws IOException {
    KeyFolder folder = new KeyFolder(directory.resolve("keys " + folders++));
    for (OverlayKey key : keys) {
      folder.add(key);
    }
    return folder;
  }

  private KeyDocuments documents() {
    return new KeyDocuments(old.keyId());
  }

  private static KeChannel member(KeyFolder folder, KeyDocuments documents) throws IOException {
    return new KeChannel(folder, documents, SigningKey.generate().pair(), true);
  }
}
