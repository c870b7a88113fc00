// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What is new in this release, in one line: the resource NEWS of this bundle. */
final class News {
  private News() {}

  static String line() {
    try (InputStream news = News.class.getResourceAsStream("NEWS")) {
      return news == null ? "" : new String(news.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return ""; // no reason not to show the status
    }
  }
}
