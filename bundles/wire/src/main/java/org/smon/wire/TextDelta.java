// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.smon.api.InvalidInputException;

/**
 * One text told by another: which of its pieces to copy, and what is new between them. A piece ends
 * behind a line break or a comma, so that a document's line of ancestors, too, is mostly a copy.
 *
 * <pre>
 * delta
 * copy 0 17          17 pieces of the base, from the first on
 * text 12            12 characters, which follow
 * node-7 - 22 -
 * end
 * </pre>
 */
public final class TextDelta {
  private static final int MAX_CHARS = 16 << 20;

  private TextDelta() {}

  public static String between(String base, String text) {
    List<String> old = pieces(base);
    Map<String, Integer> at = new HashMap<>();
    for (int i = old.size() - 1; i >= 0; i--) {
      at.put(old.get(i), i);
    }
    Script script = new Script();
    int next = -1; // where a copied run would go on
    for (String piece : pieces(text)) {
      boolean goesOn = next >= 0 && next < old.size() && old.get(next).equals(piece);
      int found = goesOn ? next : at.getOrDefault(piece, -1);
      if (found >= 0) {
        script.copy(found);
      } else {
        script.text(piece);
      }
      next = found >= 0 ? found + 1 : -1;
    }
    return script.end();
  }

  /**
   * The text that one or more deltas, each upon the one before, make of the base; throws {@link
   * InvalidInputException} if they are malformed or do not fit it.
   */
  public static String apply(String base, String deltas) {
    String text = base;
    int position = 0;
    try {
      while (position < deltas.length()) {
        Reader reader = new Reader(deltas, position, text);
        text = reader.read();
        position = reader.position;
      }
    } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException e) {
      throw new InvalidInputException("the delta of a document is malformed, or of another base");
    }
    return text;
  }

  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\n' || text.charAt(i) == ',') {
        pieces.add(text.substring(from, i + 1));
        from = i + 1;
      }
    }
    if (from < text.length()) {
      pieces.add(text.substring(from));
    }
    return pieces;
  }

  /** Collects runs. */
  private static final class Script {
    private final StringBuilder script = new StringBuilder("delta\n");
    private final StringBuilder fresh = new StringBuilder();
    private int from;
    private int count;

    void copy(int piece) {
      flushText();
      if (count > 0 && piece == from + count) {
        count++;
      } else {
        flushCopy();
        from = piece;
        count = 1;
      }
    }

    void text(String piece) {
      flushCopy();
      fresh.append(piece);
    }

    String end() {
      flushCopy();
      flushText();
      return script.append("end\n").toString();
    }

    private void flushCopy() {
      if (count > 0) {
        script.append("copy ").append(from).append(' ').append(count).append('\n');
        count = 0;
      }
    }

    private void flushText() {
      if (fresh.length() > 0) {
        script.append("text ").append(fresh.length()).append('\n').append(fresh).append('\n');
        fresh.setLength(0);
      }
    }
  }

  /** Reads one delta. */
  private static final class Reader {
    private final String deltas;
    private final List<String> base;
    private final StringBuilder text = new StringBuilder();
    private int position;

    Reader(String deltas, int position, String base) {
      this.deltas = deltas;
      this.position = position;
      this.base = pieces(base);
    }

    String read() {
      if (!line().equals("delta")) {
        throw new InvalidInputException("this is not the delta of a document");
      }
      String line = line();
      while (!line.equals("end")) {
        String[] word = line.split(" ", -1);
        switch (word[0]) {
          case "copy" -> copy(Integer.parseInt(word[1]), Integer.parseInt(word[2]));
          case "text" -> take(Integer.parseInt(word[1]));
          default -> throw new InvalidInputException("the delta of a document is malformed");
        }
        if (text.length() > MAX_CHARS) {
          throw new InvalidInputException("the delta of a document makes it too long");
        }
        line = line();
      }
      return text.toString();
    }

    private void copy(int from, int count) {
      for (String piece : base.subList(from, Math.addExact(from, count))) {
        text.append(piece);
        if (text.length() > MAX_CHARS) {
          return;
        }
      }
    }

    private void take(int length) {
      text.append(deltas, position, Math.addExact(position, length));
      position += length + 1;
    }

    private String line() {
      int end = deltas.indexOf('\n', position);
      String line = deltas.substring(position, end);
      position = end + 1;
      return line;
    }
  }
}
