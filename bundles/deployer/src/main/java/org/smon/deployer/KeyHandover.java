// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.OverlayChannel;
import org.smon.api.Version;
import org.smon.api.VisitReport.Step;

/**
 * Brings K_E to a machine, beside the package, never in it (R41). A peer that lives and missed a
 * rotation cannot hear of it otherwise: it is laid down for it, and the peer itself not touched.
 */
final class KeyHandover {
  private final SshDeployer.Tools tools;

  KeyHandover(SshDeployer.Tools tools) {
    this.tools = tools;
  }

  /** True if a peer that lives there has to go on with other keys, which are here. */
  boolean isDueTo(Report living) {
    Optional<Document> keyring = tools.documents().held(DocumentType.KEYRING);
    if (keyring.isEmpty() || !tools.channel().missing().isEmpty()) {
      return false;
    }
    Version there = living.version(DocumentType.KEYRING);
    return there == null || there.counter() < keyring.get().counter() || !lacking(living).isEmpty();
  }

  void bringKeyring(FarEnd far) throws VisitEnd {
    Document keyring = tools.documents().held(DocumentType.KEYRING).orElseThrow();
    byte[] text = keyring.text().getBytes(StandardCharsets.UTF_8);
    ask(far, Step.ADOPT, "document " + keyring.type().word() + " " + text.length, text);
  }

  /** After the keyring that names them. */
  void bringKeys(FarEnd far, Report report) throws VisitEnd {
    OverlayChannel channel = tools.channel();
    for (String id : lacking(report)) {
      byte[] key = channel.key(id).orElseThrow();
      byte[] line = (HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII);
      ask(far, Step.COPY, "key " + id, line);
    }
  }

  private List<String> lacking(Report report) {
    return tools.channel().trusted().stream().filter(id -> !report.keyIds().contains(id)).toList();
  }

  private void ask(FarEnd far, Step step, String command, byte[] bytes) throws VisitEnd {
    far.ask(step, tools.limits().answerMillis(), command, bytes);
  }
}
