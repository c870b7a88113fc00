// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.ArrayList;
import java.util.List;

/**
 * Which keys are K_E now (R35, R41): the body of a KEYRING document. It names keys by their ids and
 * tells nothing of them. A rotation is three documents:
 *
 * <pre>
 * install   use OLD, next NEW        everybody gets the bytes of NEW and trusts both
 * use       use NEW, previous OLD    everybody speaks under NEW
 * remove    use NEW                  OLD is refused
 * </pre>
 *
 * After a leak there is but the last of them.
 *
 * @param use id of the key to speak under
 * @param next id of the key that is being installed, or null
 * @param previous id of the key that is being left, or null
 * @param leaked true if whoever holds the key before may be a stranger: bytes of keys then travel
 *     over ssh alone
 */
public record Keyring(String use, String next, String previous, boolean leaked) {
  public Keyring {
    if (next != null && previous != null || use.equals(next) || use.equals(previous)) {
      throw new InvalidInputException("a keyring names one key in use, and one other at most");
    }
  }

  /** One key and no other. */
  public static Keyring of(String use) {
    return new Keyring(use, null, null, false);
  }

  public static Keyring afterLeak(String use) {
    return new Keyring(use, null, null, true);
  }

  public Keyring install(String newKey) {
    return new Keyring(use, newKey, null, false);
  }

  /** The phase after this one: install, use, remove; after that none follows. */
  public Keyring following() {
    return next == null ? of(use) : new Keyring(next, null, use, false);
  }

  /** True while a rotation is under way. */
  public boolean rotating() {
    return next != null || previous != null;
  }

  /** All that are trusted, the one in use first. */
  public List<String> ids() {
    List<String> ids = new ArrayList<>(List.of(use));
    if (rotating()) {
      ids.add(next == null ? previous : next);
    }
    return List.copyOf(ids);
  }

  public String body() {
    String other =
        next != null
            ? "next " + next + "\n"
            : previous != null ? "previous " + previous + "\n" : "";
    return "use " + use + "\n" + other + "leaked " + (leaked ? "yes" : "no") + "\n";
  }

  public static Keyring ofBody(String body) {
    Lines lines = new Lines("keyring", body);
    String leaked = lines.one("leaked");
    if (!leaked.equals("yes") && !leaked.equals("no")) {
      throw new InvalidInputException(
          "keyring line 'leaked' is neither yes nor no: " + Names.quote(leaked));
    }
    Keyring keyring =
        new Keyring(
            lines.one("use"),
            oneOrNull(lines, "next"),
            oneOrNull(lines, "previous"),
            leaked.equals("yes"));
    keyring.ids().forEach(Names::requireHash);
    return keyring;
  }

  private static String oneOrNull(Lines lines, String key) {
    return lines.all(key).isEmpty() ? null : lines.one(key);
  }
}
