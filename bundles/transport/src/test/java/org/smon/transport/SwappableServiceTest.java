// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import javax.ws.rs.ServiceUnavailableException;
import org.junit.jupiter.api.Test;
import org.smon.api.RefusedException;
import org.smon.api.Versions;
import org.smon.wire.PeerApi;
import org.smon.wire.Ping;

class SwappableServiceTest {
  private final SwappableService<PeerApi> service = new SwappableService<>(PeerApi.class);
  private final Ping ping = Ping.of("o".repeat(64), "alpha", 7, Versions.NONE, 3);

  @Test
  void withoutAServiceItIsUnavailable() {
    assertThrows(ServiceUnavailableException.class, () -> service.face().ping(ping));
  }

  @Test
  void callsReachTheServiceAndItsRefusalComesBack() throws RefusedException {
    service.set(new TestPeer());
    assertEquals(ping, service.face().ping(ping));
    assertThrows(RefusedException.class, () -> service.face().document("list"));
  }

  @Test
  void predecessorThatGoesLateDoesNotTakeItsSuccessorAway() throws RefusedException {
    TestPeer old = new TestPeer();
    service.set(old);
    service.set(new TestPeer());
    service.unset(old);
    assertEquals(ping, service.face().ping(ping));
  }

  @Test
  void namesOfOtherMachinesMeanAllAddresses() {
    assertEquals("127.0.0.1", PeerListener.bindable("127.0.0.1"));
    assertNull(PeerListener.bindable("192.0.2.1"));
  }
}
