// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.smon.api.OverlayChannel;
import org.smon.security.KeChannel;
import org.smon.security.OverlayKey;

/** A member that goes on with another key when a test says so. */
final class SwitchedChannel implements OverlayChannel {
  private final List<Runnable> listeners = new ArrayList<>();
  private KeChannel now;

  SwitchedChannel(OverlayKey key) {
    now = new KeChannel(key);
  }

  void use(OverlayKey key) {
    now = new KeChannel(key);
    listeners.forEach(Runnable::run);
  }

  @Override
  public SSLContext context() {
    return now.context();
  }

  @Override
  public String keyId() {
    return now.keyId();
  }

  @Override
  public List<String> trusted() {
    return now.trusted();
  }

  @Override
  public List<String> missing() {
    return List.of();
  }

  @Override
  public long keyring() {
    return 0;
  }

  @Override
  public Optional<byte[]> key(String id) {
    return now.key(id);
  }

  @Override
  public boolean take(byte[] key) {
    return false;
  }

  @Override
  public void refresh() {}

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }
}
