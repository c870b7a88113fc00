// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import org.smon.api.InvalidInputException;
import org.smon.api.LoginAgent;
import org.smon.api.LoginAgent.LoginPermit;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.LoginAgent.SignRequest;
import org.smon.api.RefusedException;
import org.smon.wire.AgentApi;

/** The agent as others reach it under K_E. */
public final class AgentEndpoint implements AgentApi {
  private final LoginAgent agent;
  private final Identity identity;

  public AgentEndpoint(LoginAgent agent, Identity identity) {
    this.agent = agent;
    this.identity = identity;
  }

  @Override
  public Identity identity() {
    return identity;
  }

  @Override
  public LoginPermit permit(LoginRequest request) throws RefusedException {
    return answer(() -> agent.permit(request));
  }

  @Override
  public Signed sign(SignRequest request) throws RefusedException {
    return answer(() -> new Signed(agent.sign(request)));
  }

  private interface Answer<T> {
    T get() throws RefusedException, IOException;
  }

  private static <T> T answer(Answer<T> answer) throws RefusedException {
    try {
      return answer.get();
    } catch (InvalidInputException e) {
      throw new RefusedException(e.getMessage());
    } catch (IOException e) {
      throw new RefusedException("the agent cannot decide: " + e.getMessage());
    }
  }
}
