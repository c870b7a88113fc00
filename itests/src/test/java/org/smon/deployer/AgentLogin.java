// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.util.List;
import org.apache.sshd.client.session.ClientSession;
import org.smon.api.LoginAgent;
import org.smon.api.LoginAgent.LoginPermit;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.Machine;
import org.smon.api.Versions;

/**
 * What a K_E holder can make of the deployer's own code: a login that the agent signs, and then
 * whatever ssh session he likes. In this package, for the connector is nobody else's business.
 */
public final class AgentLogin implements AutoCloseable {
  private static final String REQUESTER = "client";

  private final SshConnector connector = new SshConnector(Limits.DEFAULT);
  private final LoginAgent agent;
  private final Versions versions;

  public AgentLogin(LoginAgent agent, Versions versions) {
    this.agent = agent;
    this.versions = versions;
  }

  /** Everything the agent offers for the machine: the enrolment key first, then the user's own. */
  public LoginPermit permit(Machine machine) throws Exception {
    return agent.permit(new LoginRequest(REQUESTER, machine.name(), versions));
  }

  /** A session of that user by one of those keys, or the reason why not. */
  public ClientSession open(Machine machine, LoginPermit permit, List<String> keys)
      throws Exception {
    Login login = new Login(agent, REQUESTER, machine, permit.user(), keys, null, false, null);
    return connector.open(login).session();
  }

  @Override
  public void close() {
    connector.close();
  }
}
