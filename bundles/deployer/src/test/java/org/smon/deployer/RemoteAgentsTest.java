// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.smon.api.AgentAddress;
import org.smon.api.DocumentType;
import org.smon.api.LoginAgent.LoginPermit;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.LoginAgent.SignRequest;
import org.smon.api.RefusedException;
import org.smon.api.Settings;
import org.smon.api.Versions;
import org.smon.wire.AgentApi;
import org.smon.wire.Connections;
import org.smon.wire.KeyAnswer;
import org.smon.wire.KeyMessage;
import org.smon.wire.OfferAnswer;
import org.smon.wire.PeerApi;

/** Several agents as one (R36). */
class RemoteAgentsTest {
  private static final LoginRequest REQUEST = new LoginRequest("a", "b", Versions.NONE);

  private final Wire wire = new Wire();

  /** Agents by address; remembers who was asked, and for which key. */
  private static final class Wire implements Connections {
    final List<String> asked = new ArrayList<>();
    final Map<String, String> keys = new HashMap<>();
    final Set<String> down = new HashSet<>();
    final Map<String, String> refusals = new HashMap<>();

    @Override
    public PeerApi peer(String host, int port, int timeoutMillis) {
      throw new UnsupportedOperationException();
    }

    @Override
    public AgentApi agent(String host, int port, String publicKey, int timeoutMillis) {
      String address = host + ":" + port;
      keys.put(address, publicKey);
      return new AgentApi() {
        @Override
        public Identity identity() {
          throw new UnsupportedOperationException();
        }

        @Override
        public LoginPermit permit(LoginRequest request) throws RefusedException {
          answer(address);
          return new LoginPermit(address, List.of(), List.of());
        }

        @Override
        public Signed sign(SignRequest request) throws RefusedException {
          answer(address);
          return new Signed(new byte[] {1});
        }

        @Override
        public KeyAnswer offerKey(KeyMessage key) {
          throw new UnsupportedOperationException();
        }

        @Override
        public OfferAnswer offer(String text) {
          throw new UnsupportedOperationException();
        }
      };
    }

    private void answer(String address) throws RefusedException {
      asked.add(address);
      if (down.contains(address)) {
        throw new UncheckedIOException(new IOException("connection refused"));
      }
      if (refusals.containsKey(address)) {
        throw new RefusedException(refusals.get(address));
      }
    }
  }

  private RemoteAgents agents(String... hosts) {
    Overlay overlay = new Overlay("ssh-ed25519 AAAA");
    List<AgentAddress> named = new ArrayList<>();
    for (String host : hosts) {
      named.add(new AgentAddress(host, 7601, "key-of-" + host, "ssh-ed25519 AAAA"));
    }
    Settings settings = Settings.ofBody(overlay.genesis.body()).withAgents(named);
    overlay.newest(DocumentType.SETTINGS, settings.body());
    return new RemoteAgents(overlay.held(), wire);
  }

  @Test
  void theNextOneIsAskedWhenOneIsDown() throws Exception {
    wire.down.add("127.0.0.1:7601");
    RemoteAgents agents = agents("127.0.0.1", "127.0.0.2");
    assertEquals("127.0.0.2:7601", agents.permit(REQUEST).user());
  }

  @Test
  void whoWasDownIsAskedLastUntilTheOthersAreDownToo() throws Exception {
    wire.down.add("127.0.0.1:7601");
    RemoteAgents agents = agents("127.0.0.1", "127.0.0.2");
    agents.permit(REQUEST);
    wire.asked.clear();
    agents.permit(REQUEST);
    assertEquals(List.of("127.0.0.2:7601"), wire.asked);
    wire.down.clear();
    wire.down.add("127.0.0.2:7601");
    assertEquals("127.0.0.1:7601", agents.permit(REQUEST).user());
  }

  @Test
  void aRefusalIsAnAnswerAndNobodyElseIsAsked() {
    wire.refusals.put("127.0.0.1:7601", "not in the list");
    RemoteAgents agents = agents("127.0.0.1", "127.0.0.2");
    var refused = assertThrows(RefusedException.class, () -> agents.permit(REQUEST));
    assertEquals("not in the list", refused.getMessage());
    assertEquals(List.of("127.0.0.1:7601"), wire.asked);
  }

  @Test
  void eachHasToProveTheKeyThatTheSettingsName() throws Exception {
    agents("127.0.0.1").permit(REQUEST);
    assertEquals(Map.of("127.0.0.1:7601", "key-of-127.0.0.1"), wire.keys);
  }

  @Test
  void whenAllAreDownEachIsNamedWithItsReason() {
    wire.down.addAll(Set.of("127.0.0.1:7601", "127.0.0.2:7601"));
    RemoteAgents agents = agents("127.0.0.1", "127.0.0.2");
    String told = assertThrows(IOException.class, () -> agents.permit(REQUEST)).getMessage();
    assertTrue(told.startsWith("no agent answers"), told);
    assertTrue(told.contains("127.0.0.1:7601: connection refused"), told);
    assertTrue(told.contains("127.0.0.2:7601: connection refused"), told);
  }

  @Test
  void settingsThatNameNobodySayWhatToDo() {
    RemoteAgents agents = agents();
    String told = assertThrows(IOException.class, () -> agents.permit(REQUEST)).getMessage();
    assertTrue(told.contains("smon agents set"), told);
  }

  @Test
  void theOneThatPermittedSignsAndNobodyElse() throws Exception {
    wire.down.add("127.0.0.1:7601");
    RemoteAgents agents = agents("127.0.0.1", "127.0.0.2");
    SignRequest request = new SignRequest("a", "b", null, null, null, null, null, null);
    assertThrows(IOException.class, () -> agents.sign(request), "before any permit");
    agents.permit(REQUEST);
    wire.down.clear();
    wire.asked.clear();
    assertEquals(1, agents.sign(request).length);
    assertEquals(List.of("127.0.0.2:7601"), wire.asked);
  }
}
