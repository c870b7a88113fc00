// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a K_E holder who got the agent to log him in can say to a machine: any bytes he likes. */
final class Dispatch {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Path home;
  private final Path root;
  private final String originalCommand;

  Dispatch(Path home, Path root, String originalCommand) {
    this.home = home;
    this.root = root;
    this.originalCommand = originalCommand;
  }

  Dispatch command(String line) {
    return bytes(Stage0.command(line));
  }

  Dispatch command(String line, String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    return command(line + " " + bytes.length).bytes(bytes);
  }

  Dispatch bytes(byte[] bytes) {
    said.writeBytes(bytes);
    return this;
  }

  /** All that the dispatcher answers. */
  String run() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sh", root.resolve("dispatch").toString());
    builder.environment().put("HOME", home.toString());
    builder.environment().put("SSH_ORIGINAL_COMMAND", originalCommand);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.directory(home.toFile());
    Process process = builder.start();
    Thread writer =
        new Thread(
            () -> {
              try (OutputStream in = process.getOutputStream()) {
                in.write(said.toByteArray());
              } catch (IOException e) {
                // It hung up, as it should after an error.
              }
            });
    writer.start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    writer.join();
    return answer;
  }
}
