// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.Settings;
import org.smon.membership.HeldDocuments;
import org.smon.security.OperatorTrust;
import org.smon.security.OverlayKey;
import org.smon.security.SigningKey;

/**
 * An overlay about to be founded.
 *
 * @param port every peer listens there
 * @param user who logs in to machines that name nobody
 */
public record NewOverlay(String name, int port, String user) {

  /** The whole home appears by one rename, or nothing does. */
  void writeTo(Path directory) throws IOException {
    if (Files.exists(ClientHome.overlayKeys(directory).directory())) {
      throw new FailedException(
          directory + " holds an overlay already; make another one in another --home");
    }
    Path beside = emptyBeside(directory);
    try {
      fill(beside);
      Files.move(beside, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      throw new FailedException(
          directory + " is not an empty directory; name another --home (" + e.getReason() + ")", e);
    } finally {
      FileTrees.delete(beside);
    }
  }

  private static Path emptyBeside(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    try {
      Files.createDirectories(parent);
      return Files.createTempDirectory(
          parent,
          ".smon-init",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileSystemException e) {
      throw new FailedException(
          "cannot make anything in " + parent + "; name another --home or make it writable", e);
    }
  }

  private void fill(Path directory) throws IOException {
    OverlayKey key = OverlayKey.generate();
    SigningKey operator = SigningKey.generate();
    Settings settings =
        new Settings(
            name,
            List.of(operator.publicText()),
            List.of(),
            user,
            port,
            key.keyId(),
            Settings.DEFAULT_WAIT_MILLIS,
            Settings.DEFAULT_PING_TIMEOUT_MILLIS);
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Document genesis =
        Document.genesis(settings.body(), now)
            .signedBy(operator.privateKey(), operator.publicKey());
    HeldDocuments documents =
        HeldDocuments.found(ClientHome.state(directory), new OperatorTrust(), genesis);
    documents.offer(
        Document.first(DocumentType.LIVETAG, genesis.hash(), Livetag.on().body(), now)
            .signedBy(operator.privateKey(), operator.publicKey()));
    operator.save(ClientHome.operatorKeyFile(directory));
    ClientHome.overlayKeys(directory).add(key);
  }
}
