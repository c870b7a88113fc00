// SPDX-License-Identifier: Apache-2.0
package org.smon.store;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.smon.api.Event;

/** An event as a line of JSON, all of its values strings: small enough to need no library. */
final class EventLine {
  private final String text;
  private int position;

  private EventLine(String text) {
    this.text = text;
  }

  static String write(Event event) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("at", event.at().toString());
    fields.put("peer", event.peer());
    fields.put("kind", event.kind());
    fields.put("machine", event.machine());
    fields.put("cause", event.cause());
    StringBuilder line = new StringBuilder();
    writeFields(line.append('{'), fields);
    writeFields(line.append(",\"detail\":{"), new TreeMap<>(event.detail()));
    return line.append("}}\n").toString();
  }

  /** Empty for anything but a line that {@link #write} made, such as one a crash cut short. */
  static Optional<Event> read(String line) {
    try {
      return Optional.of(new EventLine(line).event());
    } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static void writeFields(StringBuilder line, Map<String, String> fields) {
    String separator = "";
    for (Map.Entry<String, String> field : fields.entrySet()) {
      if (field.getValue() != null) {
        quote(line.append(separator), field.getKey());
        quote(line.append(':'), field.getValue());
        separator = ",";
      }
    }
  }

  private static void quote(StringBuilder line, String value) {
    line.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
        line.append("\\u%04x".formatted((int) c));
      } else {
        line.append(c);
      }
    }
    line.append('"');
  }

  private Event event() {
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, String> detail = Map.of();
    expect('{');
    do {
      String key = string();
      expect(':');
      if (text.charAt(position) == '{') {
        detail = object();
      } else {
        fields.put(key, string());
      }
    } while (next() == ',');
    if (position != text.length() || !fields.containsKey("at")) {
      throw new IllegalArgumentException("not an event");
    }
    return new Event(
        Instant.parse(fields.get("at")),
        fields.get("peer"),
        fields.get("kind"),
        fields.get("machine"),
        fields.get("cause"),
        detail);
  }

  private Map<String, String> object() {
    Map<String, String> fields = new LinkedHashMap<>();
    expect('{');
    if (text.charAt(position) == '}') {
      position++;
      return fields;
    }
    do {
      String key = string();
      expect(':');
      fields.put(key, string());
    } while (next() == ',');
    return fields;
  }

  private String string() {
    StringBuilder value = new StringBuilder();
    expect('"');
    for (char c = next(); c != '"'; c = next()) {
      value.append(c == '\\' ? escaped() : c);
    }
    return value.toString();
  }

  private char escaped() {
    char c = next();
    if (c != 'u') {
      return c;
    }
    position += 4;
    return (char) Integer.parseInt(text.substring(position - 4, position), 16);
  }

  private char next() {
    return text.charAt(position++);
  }

  private void expect(char wanted) {
    if (next() != wanted) {
      throw new IllegalArgumentException("not an event");
    }
  }
}
