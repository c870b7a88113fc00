// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

/**
 * Lines with the time since the start, and on a terminal a bar below them that is drawn over
 * itself.
 */
final class Bar {
  private static final int WIDTH = 30;
  private static final String BACK_AND_CLEAR = "\r\033[K";

  private final Console console;
  private final long startNanos = System.nanoTime();
  private String shown = "";

  Bar(Console console) {
    this.console = console;
  }

  double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  /** A line of its own above the bar. */
  void say(String text) {
    erase();
    console.say("%6.1f s  %s".formatted(seconds(), text));
    draw();
  }

  /** The bar from now on. */
  void show(String text) {
    erase();
    shown = text;
    draw();
  }

  /** Removes the bar. */
  void end() {
    show("");
  }

  /** Such as: [#####-----]. */
  static String filled(int part, int total) {
    int filled = total == 0 ? 0 : WIDTH * part / total;
    return "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "]";
  }

  private void erase() {
    if (console.terminal() && !shown.isEmpty()) {
      console.people().print(BACK_AND_CLEAR);
    }
  }

  private void draw() {
    if (console.terminal() && !shown.isEmpty()) {
      console.people().print(shown);
      console.people().flush();
    }
  }
}
