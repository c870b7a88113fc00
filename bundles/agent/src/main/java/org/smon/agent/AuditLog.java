// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.smon.wire.Json;

/**
 * Every decision of the agent, one JSON line each, appended and synced before it takes effect
 * (R38). Any thread.
 */
public final class AuditLog implements AutoCloseable {
  private final FileChannel file;

  public AuditLog(Path path) throws IOException {
    file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /**
   * @param decision sign, permit or refuse
   * @param key enrolment, own, or null
   * @param reason for a refusal, or null
   */
  record Entry(
      Instant at, String decision, String requester, String machine, String key, String reason) {}

  synchronized void append(Entry entry) throws IOException {
    ByteBuffer line =
        ByteBuffer.wrap((Json.writeLine(entry) + "\n").getBytes(StandardCharsets.UTF_8));
    while (line.hasRemaining()) {
      file.write(line);
    }
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
