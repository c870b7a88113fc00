// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.smon.api.Document;
import org.smon.api.DocumentTrust;
import org.smon.api.DocumentType;
import org.smon.api.Keyring;
import org.smon.api.Livetag;
import org.smon.api.MachineList;
import org.smon.api.Release;
import org.smon.api.Settings;
import org.smon.api.Voucher;

/**
 * Only what an operator of the settings in force signed for this very overlay is genuine (R40): a
 * K_E holder can pass documents on, never make one.
 */
@Component(service = DocumentTrust.class)
public final class OperatorTrust implements DocumentTrust {
  /** How far one document may jump, so that no mistake uses all counters up at once. */
  private static final long MOST_AHEAD = 1L << 32;

  @Override
  public Optional<String> refusal(
      Document offered, String overlay, Settings settings, Document held) {
    String what = offered.type().word() + " document " + offered.counter();
    if (!belongs(offered, overlay)) {
      return Optional.of(what + " belongs to another overlay");
    }
    if (!counts(offered, overlay, settings, held)) {
      return Optional.of(what + " is not signed by an operator of this overlay");
    }
    if (offered.counter() - (held == null ? 0 : held.counter()) > MOST_AHEAD) {
      return Optional.of(what + " is too far ahead of the held one");
    }
    if (offered.type() == DocumentType.SETTINGS && !descends(offered, overlay)) {
      return Optional.of(what + " does not descend from the overlay's first settings");
    }
    return malformed(offered).map(reason -> what + " is malformed: " + reason);
  }

  /** Why this cannot be an overlay's first settings; empty if it can. */
  public Optional<String> genesisRefusal(Document genesis) {
    if (genesis.type() != DocumentType.SETTINGS || genesis.overlay() != null) {
      return Optional.of("this is not the first settings document of an overlay");
    }
    Optional<String> reason = malformed(genesis);
    if (reason.isPresent()) {
      return reason;
    }
    boolean signed = genesis.signedByAny(Settings.ofBody(genesis.body()).operators());
    return signed
        ? Optional.empty()
        : Optional.of("the first settings document is not signed by its own operator");
  }

  /** Signed by an operator in force, or kept in force by them when its signer left. */
  private static boolean counts(
      Document offered, String overlay, Settings settings, Document held) {
    return offered.signedByAny(settings.operators())
        || settings.endorsed().contains(offered.hash())
        || offered.type() == DocumentType.SETTINGS
            && signedBySuccessor(offered, overlay, settings, held == null ? 1 : held.counter());
  }

  /**
   * Settings of an operator whom this machine has not heard of, but those it knows vouch for. He
   * has to be one by these settings themselves, or one who left could go on.
   */
  private static boolean signedBySuccessor(
      Document offered, String overlay, Settings settings, long held) {
    try {
      Settings next = Settings.ofBody(offered.body());
      List<String> successors =
          new ArrayList<>(Voucher.closure(settings.operators(), held, next.vouchers(), overlay));
      successors.retainAll(next.operators());
      return offered.signedByAny(successors);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean belongs(Document offered, String overlay) {
    boolean founding = offered.overlay() == null;
    return offered.overlayId().equals(overlay)
        && (!founding || offered.type() == DocumentType.SETTINGS);
  }

  /** A line of ancestors that is not cut at its most ends in the genesis. */
  private static boolean descends(Document settings, String overlay) {
    List<String> line = settings.ancestors();
    return settings.overlay() == null
        || line.size() == Document.MAX_ANCESTORS
        || (!line.isEmpty() && line.get(line.size() - 1).equals(overlay));
  }

  private static Optional<String> malformed(Document document) {
    try {
      switch (document.type()) {
        case SETTINGS -> Settings.ofBody(document.body());
        case LIST -> MachineList.ofBody(document.body());
        case LIVETAG -> Livetag.ofBody(document.body());
        case RELEASE -> Release.ofBody(document.body());
        case KEYRING -> Keyring.ofBody(document.body());
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
