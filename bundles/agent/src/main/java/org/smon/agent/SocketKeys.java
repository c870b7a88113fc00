// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.smon.api.InvalidInputException;

/**
 * The keys of the user's own ssh-agent, by its socket (draft-miller-ssh-agent): listed and used,
 * never seen. One connection a question, so that a restarted ssh-agent is no trouble.
 */
public final class SocketKeys {
  private static final byte REQUEST_IDENTITIES = 11;
  private static final byte IDENTITIES_ANSWER = 12;
  private static final byte SIGN_REQUEST = 13;
  private static final byte SIGN_RESPONSE = 14;
  private static final int RSA_SHA2_256 = 2;
  private static final int RSA_SHA2_512 = 4;
  private static final int MOST_BYTES = 256 * 1024;

  private final Path socket;

  public SocketKeys(Path socket) {
    this.socket = socket;
  }

  /** In the ssh-agent's order; throws {@link InvalidInputException} if it holds none. */
  public List<SshKey> keys() throws IOException {
    DataInputStream answer = ask(REQUEST_IDENTITIES, IDENTITIES_ANSWER, new byte[0]);
    int count = answer.readInt();
    List<SshKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] blob = string(answer);
      String comment = new String(string(answer), StandardCharsets.UTF_8);
      keys.add(new SocketKey(blob, comment));
    }
    if (keys.isEmpty()) {
      throw new InvalidInputException(
          "the ssh-agent at " + socket + " holds no key; add one with ssh-add");
    }
    return keys;
  }

  private DataInputStream ask(byte question, byte expected, byte[] body) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
      out.writeInt(body.length + 1);
      out.writeByte(question);
      out.write(body);
      out.flush();
      DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
      int length = in.readInt();
      if (length < 1 || length > MOST_BYTES) {
        throw new IOException("the ssh-agent at " + socket + " sent " + length + " bytes");
      }
      byte[] answer = in.readNBytes(length);
      if (answer.length < length || answer[0] != expected) {
        throw new IOException("the ssh-agent at " + socket + " refused");
      }
      return new DataInputStream(new java.io.ByteArrayInputStream(answer, 1, length - 1));
    }
  }

  private static byte[] string(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("the ssh-agent's answer is cut short");
    }
    return in.readNBytes(length);
  }

  private final class SocketKey implements SshKey {
    private final byte[] blob;
    private final String publicLine;

    SocketKey(byte[] blob, String comment) throws IOException {
      this.blob = blob;
      String type =
          new String(
              string(new DataInputStream(new java.io.ByteArrayInputStream(blob))),
              StandardCharsets.US_ASCII);
      String oneLine = comment.replaceAll("[^\\x21-\\x7e]", "_");
      this.publicLine = type + " " + Base64.getEncoder().encodeToString(blob) + " " + oneLine;
    }

    @Override
    public String publicLine() {
      return publicLine;
    }

    @Override
    public byte[] sign(String algorithm, byte[] data) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream body = new DataOutputStream(bytes);
      body.writeInt(blob.length);
      body.write(blob);
      body.writeInt(data.length);
      body.write(data);
      body.writeInt(flags(algorithm));
      return string(ask(SIGN_REQUEST, SIGN_RESPONSE, bytes.toByteArray()));
    }

    private static int flags(String algorithm) {
      return switch (algorithm) {
        case "rsa-sha2-256" -> RSA_SHA2_256;
        case "rsa-sha2-512" -> RSA_SHA2_512;
        default -> 0;
      };
    }
  }
}
