// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A body of {@code key value} lines; a key may stand more than once. */
final class Lines {
  private final String what;
  private final Map<String, List<String>> values = new HashMap<>();

  Lines(String what, String body) {
    this.what = what;
    body.lines()
        .filter(line -> !line.isEmpty())
        .forEach(
            line -> {
              int space = line.indexOf(' ');
              if (space < 1) {
                throw new InvalidInputException(
                    what + " line " + Names.quote(line) + " is not 'key value'");
              }
              values
                  .computeIfAbsent(line.substring(0, space), k -> new ArrayList<>())
                  .add(line.substring(space + 1));
            });
  }

  List<String> all(String key) {
    return values.getOrDefault(key, List.of());
  }

  String one(String key) {
    List<String> found = all(key);
    if (found.size() != 1) {
      throw new InvalidInputException(
          what + " has " + found.size() + " lines '" + key + "', it needs one");
    }
    return found.get(0);
  }

  int number(String key) {
    try {
      return Integer.parseInt(one(key));
    } catch (NumberFormatException e) {
      throw new InvalidInputException(
          what + " line '" + key + "' is not a number: " + Names.quote(one(key)));
    }
  }
}
