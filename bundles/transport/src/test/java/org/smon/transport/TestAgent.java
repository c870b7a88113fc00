// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import org.smon.api.LoginAgent.LoginPermit;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.LoginAgent.SignRequest;
import org.smon.api.RefusedException;
import org.smon.wire.AgentApi;
import org.smon.wire.KeyAnswer;
import org.smon.wire.KeyMessage;
import org.smon.wire.OfferAnswer;

/** An agent that only tells who it is. */
final class TestAgent implements AgentApi {
  @Override
  public Identity identity() {
    return new Identity("key", "line");
  }

  @Override
  public LoginPermit permit(LoginRequest request) throws RefusedException {
    throw new RefusedException("not here");
  }

  @Override
  public Signed sign(SignRequest request) throws RefusedException {
    throw new RefusedException("not here");
  }

  @Override
  public OfferAnswer offer(String text) throws RefusedException {
    throw new RefusedException("not here");
  }

  @Override
  public KeyAnswer offerKey(KeyMessage key) throws RefusedException {
    throw new RefusedException("not here");
  }
}
