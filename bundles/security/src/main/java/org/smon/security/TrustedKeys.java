// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.smon.api.Keyring;

/**
 * Which keys count: those that the keyring in force names and that are held. A function of what is
 * on disk and of nothing else, so whatever a crash leaves there is a state of a rotation. While
 * none of the named ones is here, those that are go on, until a visitor over ssh brings the right
 * one: a peer that fell silent could not be told from a dead one.
 *
 * @param inUse under which to speak
 * @param others trusted beside it
 * @param missing ids of named keys that are not held
 */
record TrustedKeys(OverlayKey inUse, List<OverlayKey> others, List<String> missing) {
  TrustedKeys {
    others = List.copyOf(others);
    missing = List.copyOf(missing);
  }

  static TrustedKeys ofOne(OverlayKey key) {
    return new TrustedKeys(key, List.of(), List.of());
  }

  /**
   * @param held at least one
   */
  static TrustedKeys of(Map<String, OverlayKey> held, Keyring named) {
    List<OverlayKey> trusted = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String id : named.ids()) {
      OverlayKey key = held.get(id);
      if (key == null) {
        missing.add(id);
      } else {
        trusted.add(key);
      }
    }
    List<OverlayKey> counted = trusted.isEmpty() ? List.copyOf(held.values()) : trusted;
    return new TrustedKeys(counted.get(0), counted.subList(1, counted.size()), missing);
  }

  List<OverlayKey> all() {
    List<OverlayKey> all = new ArrayList<>(List.of(inUse));
    all.addAll(others);
    return all;
  }

  List<String> ids() {
    return all().stream().map(OverlayKey::keyId).toList();
  }
}
