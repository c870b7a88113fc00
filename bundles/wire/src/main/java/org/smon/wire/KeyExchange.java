// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.Arrays;
import java.util.List;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.InvalidInputException;
import org.smon.api.OverlayChannel;
import org.smon.api.RefusedException;
import org.smon.api.Versions;

/**
 * How a new K_E reaches members: from one that has it, under a key that both trust (R41). After a
 * leak nothing of this works, for who holds the old key may be a stranger. Calls to others block;
 * any thread.
 */
public final class KeyExchange {
  private final Documents documents;
  private final OverlayChannel channel;

  /** Another member that can be given keys. */
  @FunctionalInterface
  public interface Receiver {
    KeyAnswer offer(KeyMessage key) throws RefusedException;
  }

  /** Another member that can be asked for keys. */
  @FunctionalInterface
  public interface Giver {
    KeyMessage key(String id) throws RefusedException;
  }

  public KeyExchange(Documents documents, OverlayChannel channel) {
    this.documents = documents;
    this.channel = channel;
  }

  /** Answers a member that asks for a key. */
  public KeyMessage given(String id) throws RefusedException {
    requireNoLeak();
    return channel
        .key(id)
        .map(KeyMessage::new)
        .orElseThrow(() -> new RefusedException("that key is not here, or counts no more"));
  }

  /** Answers a member that brings a key. */
  public KeyAnswer taken(KeyMessage offered) throws RefusedException {
    requireNoLeak();
    byte[] key = offered == null ? null : offered.key();
    if (key == null) {
      throw new RefusedException("the message is incomplete");
    }
    try {
      channel.take(key);
    } catch (InvalidInputException e) {
      throw new RefusedException(e.getMessage());
    }
    return new KeyAnswer(channel.missing());
  }

  /**
   * Gives another member the trusted keys that it turns out to lack.
   *
   * @return what it still lacks
   */
  public List<String> bring(Receiver receiver) throws RefusedException {
    List<String> lacks = documents.keyring().ids();
    if (documents.keyring().leaked()) {
      return List.of();
    }
    for (String id : channel.trusted()) {
      byte[] key = channel.key(id).orElse(null);
      if (key != null && lacks.contains(id)) {
        lacks = receiver.offer(new KeyMessage(key)).missing();
        Arrays.fill(key, (byte) 0);
      }
    }
    return lacks;
  }

  /** Asks another member for what is missing here. */
  public void seek(Giver giver) throws RefusedException {
    if (documents.keyring().leaked()) {
      return;
    }
    for (String id : channel.missing()) {
      taken(giver.key(id));
    }
  }

  /**
   * What pings and pongs are to say is held here: a keyring only with all keys that it names, so
   * that whoever has them brings them with it.
   */
  public Versions told(Versions held) {
    return channel.missing().isEmpty() ? held : held.without(DocumentType.KEYRING);
  }

  private void requireNoLeak() throws RefusedException {
    if (documents.keyring().leaked()) {
      throw new RefusedException("after a leak keys travel over ssh alone");
    }
  }
}
