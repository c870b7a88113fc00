// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.smon.api.DocumentType;
import org.smon.api.Version;

/**
 * What stage 0 found on the machine, before anything is touched (R6).
 *
 * @param missingTools commands that stage 0 needs and the machine lacks
 * @param javaVersion major version of the best Java found, 0 for none
 * @param java the Java a peer can run on, empty if none is new enough
 * @param freeKb space in the login user's home, or -1 if not told
 * @param heldKb what earlier visits have brought, whole or in part
 * @param peer none, alive, starting or frozen
 * @param name the name under which a peer was installed here, or empty
 * @param installed hash of the release that is installed whole, or empty
 * @param installedCounter of that release's document, 0 for none
 * @param keyIds which K_E are here
 * @param otherPorts gossip ports of live peers of other overlays here, by their root's name
 */
record Report(
    List<String> missingTools,
    int javaVersion,
    String java,
    long freeKb,
    long heldKb,
    String peer,
    long pid,
    long heartbeatAgeSeconds,
    String name,
    String installed,
    long installedCounter,
    List<String> keyIds,
    Map<DocumentType, Version> documents,
    Map<String, Integer> otherPorts) {

  /** Lines that are not understood are skipped: a later script may say more. */
  static Report of(List<String> lines) {
    List<String> tools = new ArrayList<>();
    List<String> keyIds = new ArrayList<>();
    Map<DocumentType, Version> documents = new EnumMap<>(DocumentType.class);
    Map<String, Integer> ports = new java.util.TreeMap<>();
    Map<String, String[]> one = new java.util.HashMap<>();
    for (String line : lines) {
      String[] word = line.split(" ", 4);
      switch (word[0]) {
        case "missing-tool" -> tools.add(at(word, 1));
        case "keyid" -> keyIds.add(at(word, 1));
        case "doc" -> document(word, documents);
        case "other" -> ports.put(at(word, 1), (int) number(at(word, 2)));
        default -> one.put(word[0], word);
      }
    }
    String[] peer = one.getOrDefault("peer", new String[] {"peer", "none"});
    String[] java = line(one, "java");
    return new Report(
        tools,
        (int) number(at(java, 1)),
        rest(java),
        one.containsKey("free") ? number(at(line(one, "free"), 1)) : -1,
        number(at(line(one, "held"), 1)),
        at(peer, 1),
        number(at(peer, 2)),
        number(at(peer, 3)),
        at(line(one, "name"), 1),
        at(line(one, "installed"), 1),
        number(at(line(one, "release"), 1)),
        keyIds,
        documents,
        ports);
  }

  Version version(DocumentType type) {
    return documents.get(type);
  }

  private static void document(String[] word, Map<DocumentType, Version> documents) {
    for (DocumentType type : DocumentType.values()) {
      if (type.word().equals(at(word, 1))) {
        documents.put(type, new Version(number(at(word, 2)), at(word, 3)));
      }
    }
  }

  private static String[] line(Map<String, String[]> lines, String key) {
    return lines.getOrDefault(key, new String[] {key});
  }

  private static String at(String[] word, int index) {
    return index < word.length ? word[index] : "";
  }

  private static String rest(String[] word) {
    return word.length < 3 ? "" : String.join(" ", List.of(word).subList(2, word.length));
  }

  private static long number(String digits) {
    return digits.matches("-?[0-9]{1,18}") ? Long.parseLong(digits) : 0;
  }
}
