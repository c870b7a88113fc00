// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.DocumentType;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.wire.AgentApi;
import org.smon.wire.Connections;
import org.smon.wire.PeerApi;

/** Whom a client asks when most machines are silent. */
@Timeout(60)
class OverlayTest {
  private static final int MACHINES = 300;
  private static final int LONG_MILLIS = 50_000;

  @TempDir private Path user;
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private ClientHome home;

  @BeforeEach
  void found() throws IOException {
    home = ClientHome.create(user.resolve("home"), new NewOverlay("lab", 7600, "op"));
    var machines = IntStream.range(0, MACHINES).mapToObj(i -> Machine.parse("m" + i)).toList();
    home.sign(DocumentType.LIST, new MachineList(machines, java.util.List.of()).body());
  }

  @Test
  void theOnlyOneThatAnswersIsFoundAndAskedFirstTheNextTime() throws Exception {
    Overlay overlay = overlay(LONG_MILLIS, m -> m.equals("m123") ? "here" : refused());
    assertEquals("m123", overlay.ask(peer -> peer.document("list")).peer());
    assertEquals("m123", overlay.peers().get(0));
  }

  @Test
  void oneThatAnswersIsNotKeptWaitingForByThoseThatHang() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    // The first ones to be asked hang as long as the question lasts, all others refuse.
    Overlay overlay =
        overlay(
            LONG_MILLIS,
            m -> {
              if (asked.size() <= 3) {
                return hangs(never);
              }
              return asked.size() == MACHINES ? "the last" : refused();
            });
    assertEquals("the last", overlay.ask(peer -> peer.document("list")).value());
  }

  @Test
  void whenAllHangItGivesUpInTimeAndSaysHowManyItCouldNotAsk() {
    CountDownLatch never = new CountDownLatch(1);
    Overlay overlay = overlay(200, m -> hangs(never));
    Overlay.SilentException silent =
        assertThrows(
            Overlay.SilentException.class, () -> overlay.ask(peer -> peer.document("list")));
    assertEquals(
        "no peer answers; " + MACHINES + " machines could not be asked in time", silent.told());
  }

  @Test
  void whenAllRefuseEveryOneWasAskedAndAReasonIsTold() {
    Overlay overlay = overlay(LONG_MILLIS, m -> refused());
    Overlay.SilentException silent =
        assertThrows(
            Overlay.SilentException.class, () -> overlay.ask(peer -> peer.document("list")));
    assertEquals(MACHINES, asked.size());
    assertEquals(MACHINES, silent.reasons().size());
    assertTrue(silent.told().endsWith("nobody listens)"), silent.told());
  }

  private static String refused() {
    throw new UncheckedIOException(new IOException("nobody listens"));
  }

  private static String hangs(CountDownLatch never) {
    try {
      never.await();
      return null;
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException("interrupted"));
    }
  }

  private Overlay overlay(int patienceMillis, Function<String, String> document) {
    Connections connections =
        new Connections() {
          @Override
          public PeerApi peer(String host, int port, int timeoutMillis) {
            return (PeerApi)
                Proxy.newProxyInstance(
                    PeerApi.class.getClassLoader(),
                    new Class<?>[] {PeerApi.class},
                    (proxy, method, args) -> {
                      asked.add(host);
                      return document.apply(host);
                    });
          }

          @Override
          public AgentApi agent(String host, int port, String publicKey, int timeoutMillis) {
            throw new UnsupportedOperationException("no agent is asked");
          }
        };
    return new Overlay(home, connections, 1_000, patienceMillis);
  }
}
