// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.ArrayList;
import java.util.List;

/**
 * What holds for the whole overlay, signed by an operator (R40, R54): the body of a SETTINGS
 * document.
 *
 * @param name the overlay's name, for people
 * @param operators base64 X.509 Ed25519 keys whose signatures count
 * @param defaultUser login user of machines that name none
 * @param gossipPort the TCP port every peer listens on
 * @param keyId what names K_E without telling it (R35)
 * @param waitMillis WAIT_INTERVAL of Fig. 2: between two rounds of a peer (R4)
 * @param pingTimeoutMillis after this a ping counts as lost (R3)
 * @param autostart whether machines are told to start their peer at boot, where they can (R17)
 * @param vouchers how operators came to count, for machines that missed it
 * @param endorsed hashes of documents that stay in force although who signed them counts no more
 */
public record Settings(
    String name,
    List<String> operators,
    List<AgentAddress> agents,
    String defaultUser,
    int gossipPort,
    String keyId,
    int waitMillis,
    int pingTimeoutMillis,
    boolean autostart,
    List<Voucher> vouchers,
    List<String> endorsed) {
  public static final int DEFAULT_PORT = 7600;
  public static final int DEFAULT_WAIT_MILLIS = 5_000;
  public static final int DEFAULT_PING_TIMEOUT_MILLIS = 2_000;

  public Settings {
    Names.requireOverlayName(name);
    Names.requireUser(defaultUser);
    Names.requirePort(gossipPort);
    operators = List.copyOf(operators);
    agents = List.copyOf(agents);
    vouchers = List.copyOf(vouchers);
    endorsed = List.copyOf(endorsed);
    endorsed.forEach(Names::requireHash);
    if (operators.isEmpty() || waitMillis < 100 || pingTimeoutMillis < 100) {
      throw new InvalidInputException("settings need an operator, and intervals of 100 ms or more");
    }
  }

  /** With start at boot, of operators that never changed. */
  public Settings(
      String name,
      List<String> operators,
      List<AgentAddress> agents,
      String defaultUser,
      int gossipPort,
      String keyId,
      int waitMillis,
      int pingTimeoutMillis) {
    this(
        name,
        operators,
        agents,
        defaultUser,
        gossipPort,
        keyId,
        waitMillis,
        pingTimeoutMillis,
        true,
        List.of(),
        List.of());
  }

  public Settings withAgents(List<AgentAddress> newAgents) {
    return changed(operators, newAgents, autostart, vouchers, endorsed);
  }

  public Settings withAutostart(boolean wanted) {
    return changed(operators, agents, wanted, vouchers, endorsed);
  }

  /** With other operators, and what their change leaves behind. */
  public Settings withOperators(
      List<String> newOperators, List<Voucher> newVouchers, List<String> newEndorsed) {
    return changed(newOperators, agents, autostart, newVouchers, newEndorsed);
  }

  private Settings changed(
      List<String> newOperators,
      List<AgentAddress> newAgents,
      boolean newAutostart,
      List<Voucher> newVouchers,
      List<String> newEndorsed) {
    return new Settings(
        name,
        newOperators,
        newAgents,
        defaultUser,
        gossipPort,
        keyId,
        waitMillis,
        pingTimeoutMillis,
        newAutostart,
        newVouchers,
        newEndorsed);
  }

  /** The user to log in as. */
  public String userOf(Machine machine) {
    return machine.user() == null ? defaultUser : machine.user();
  }

  public String body() {
    List<String> lines = new ArrayList<>();
    lines.add("name " + name);
    operators.forEach(key -> lines.add("operator " + key));
    agents.forEach(agent -> lines.add("agent " + agent.line()));
    lines.add("defaultUser " + defaultUser);
    lines.add("gossipPort " + gossipPort);
    lines.add("keyId " + keyId);
    lines.add("waitMillis " + waitMillis);
    lines.add("pingTimeoutMillis " + pingTimeoutMillis);
    if (!autostart) {
      lines.add("autostart no");
    }
    vouchers.forEach(voucher -> lines.add("vouch " + voucher.line()));
    endorsed.forEach(hash -> lines.add("endorsed " + hash));
    return String.join("\n", lines) + "\n";
  }

  public static Settings ofBody(String body) {
    Lines lines = new Lines("settings", body);
    return new Settings(
        lines.one("name"),
        lines.all("operator"),
        lines.all("agent").stream().map(AgentAddress::ofLine).toList(),
        lines.one("defaultUser"),
        lines.number("gossipPort"),
        lines.one("keyId"),
        lines.number("waitMillis"),
        lines.number("pingTimeoutMillis"),
        !lines.all("autostart").contains("no"),
        lines.all("vouch").stream().map(Voucher::ofLine).toList(),
        lines.all("endorsed"));
  }
}
