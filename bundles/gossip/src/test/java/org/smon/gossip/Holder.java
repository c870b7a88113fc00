// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Event;
import org.smon.api.Events;
import org.smon.membership.HeldDocuments;
import org.smon.security.KeChannel;
import org.smon.security.OperatorTrust;
import org.smon.security.OverlayKey;
import org.smon.store.FileState;
import org.smon.wire.Json;
import org.smon.wire.KeyExchange;
import org.smon.wire.PeerApi;

/** A courier with documents on disk, as others meet it: every message goes through its JSON. */
final class Holder implements Events {
  final HeldDocuments documents;
  final Courier courier;
  final List<String> events = new ArrayList<>();

  /** Characters of all messages to this holder and of its answers. */
  int traffic;

  /** Calls to this holder. */
  final List<String> calls = new ArrayList<>();

  /** Opens what is on that disk, or founds the overlay there. */
  Holder(Path disk, Document genesis) {
    try {
      documents = HeldDocuments.found(new FileState(disk), new OperatorTrust(), genesis);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    KeyExchange keys = new KeyExchange(documents, new KeChannel(OverlayKey.generate()));
    courier = new Courier(disk.getFileName().toString(), documents, this, keys);
    documents.subscribe(courier);
  }

  Document held(DocumentType type) {
    return documents.held(type).orElse(null);
  }

  /** Only what a courier answers can be asked. */
  PeerApi api() {
    return (PeerApi)
        Proxy.newProxyInstance(
            PeerApi.class.getClassLoader(),
            new Class<?>[] {PeerApi.class},
            (proxy, method, args) -> {
              String name = method.getName().equals("take") ? "taken" : method.getName();
              calls.add(name);
              Class<?>[] types = method.getParameterTypes();
              Object[] arrived = new Object[args.length];
              for (int i = 0; i < args.length; i++) {
                arrived[i] = args[i] == null ? null : sent(args[i], types[i]);
              }
              try {
                Object answer =
                    Courier.class.getDeclaredMethod(name, types).invoke(courier, arrived);
                return sent(answer, method.getReturnType());
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Object sent(Object value, Class<?> type) {
    String json = Json.write(value);
    traffic += json.length();
    return Json.read(json, type);
  }

  @Override
  public void emit(String kind, String machine, String cause, Map<String, String> detail) {
    events.add(kind + " " + cause);
  }

  @Override
  public List<Event> query(String machine, Instant after, int limit) {
    return Arrays.asList();
  }
}
