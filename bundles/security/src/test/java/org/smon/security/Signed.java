// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.time.Instant;
import java.util.List;
import org.smon.api.Document;
import org.smon.api.Settings;

/** An overlay's first documents for tests. */
final class Signed {
  static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  static final String RELEASE_BODY =
      "version 1.0.0\nwire 1 1\nblob " + "0".repeat(64) + " 3 bundle org/smon/a.jar\n";

  final SigningKey operator = SigningKey.generate();
  final Settings settings =
      new Settings("demo", List.of(operator.publicText()), List.of(), "me", 7600, "id", 5000, 2000);
  final Document genesis = by(operator, Document.genesis(settings.body(), NOW));

  static Document by(SigningKey key, Document document) {
    return document.signedBy(key.privateKey(), key.publicKey());
  }

  Document signed(Document document) {
    return by(operator, document);
  }
}
