// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection that tried to log in, as sshd's log tells it.
 *
 * @param from address and port it came from
 * @param begun epoch seconds
 * @param ended epoch seconds; when its sshd last said anything if its end was never logged
 * @param accepted false if no key was good enough
 */
record Login(String from, long begun, long ended, boolean accepted) {
  private static final Pattern ORIGIN = Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+ port \\d+)");
  private static final Pattern END =
      Pattern.compile("^(Closing connection|Connection (closed|reset)|Disconnect|Timeout)");

  /**
   * Out of lines that each begin with their epoch second. A connection that never tried a key, such
   * as a look at the port, is no login.
   */
  static List<Login> of(List<String> log) {
    Map<String, Login> open = new LinkedHashMap<>();
    List<Login> logins = new ArrayList<>();
    long now = 0;
    for (String line : log) {
      int blank = line.indexOf(' ');
      String text = line.substring(blank + 1);
      if (text.startsWith("Server listening")) { // an earlier sshd died with all it knew
        logins.addAll(open.values());
        open.clear();
      }
      now = Long.parseLong(line.substring(0, blank));
      Matcher origin = ORIGIN.matcher(text);
      if (origin.find()) {
        follow(open, logins, text, origin.group(1), now);
      }
    }
    for (Login login : open.values()) {
      logins.add(login.until(now));
    }
    return logins;
  }

  private static void follow(
      Map<String, Login> open, List<Login> logins, String text, String from, long now) {
    if (text.startsWith("Failed ")) {
      open.putIfAbsent(from, new Login(from, now, now, false));
    } else if (text.startsWith("Accepted publickey ") || text.startsWith("Accepted password ")) {
      long begun = open.containsKey(from) ? open.get(from).begun : now;
      open.put(from, new Login(from, begun, now, true));
    } else if (open.containsKey(from)) {
      open.computeIfPresent(from, (f, login) -> login.until(now));
      if (END.matcher(text).find()) {
        logins.add(open.remove(from));
      }
    }
  }

  private Login until(long now) {
    return new Login(from, begun, now, accepted);
  }
}
