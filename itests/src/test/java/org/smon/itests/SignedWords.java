// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.client.ClientHome;
import org.smon.security.SigningKey;
import org.smon.wire.DocumentWord;

/**
 * What an operator, or somebody who is none, signed for the peer of the container, each in a file
 * of its own: the classes that sign are not in there.
 */
final class SignedWords {
  private static final String ADDED = "added.invalid";

  private final Path directory;
  private final ClientHome home;

  private SignedWords(Path directory, ClientHome home) {
    this.directory = directory;
    this.home = home;
  }

  static Path write(Path directory, Path clientHome) throws IOException {
    Files.createDirectories(directory);
    new SignedWords(directory, ClientHome.open(clientHome)).write();
    return directory;
  }

  private void write() throws IOException {
    Document off = next(held(DocumentType.LIVETAG), new Livetag(false, 600).body());
    Document on = next(off, Livetag.on().body());
    word("off", seal(off, home.operator()));
    word("forged-off", seal(off, SigningKey.generate()));
    word("on", seal(on, home.operator()));

    List<Machine> machines = home.documents().list().machines();
    Machine added = Machine.parse("nobody@" + ADDED);
    List<Machine> more = Stream.concat(machines.stream(), Stream.of(added)).toList();
    Document longer = next(held(DocumentType.LIST), new MachineList(more, List.of()).body());
    Document shorter = next(longer, new MachineList(machines, List.of(added)).body());
    word("unsigned-longer", longer);
    word("longer", seal(longer, home.operator()));
    word("shorter", seal(shorter, home.operator()));
  }

  private Document held(DocumentType type) {
    return home.documents().held(type).orElseThrow();
  }

  private static Document next(Document before, String body) {
    return before.next(body, before.issued());
  }

  private static Document seal(Document document, SigningKey key) {
    return document.signedBy(key.privateKey(), key.publicKey());
  }

  private void word(String name, Document document) throws IOException {
    Files.writeString(directory.resolve(name), DocumentWord.of(document));
  }
}
