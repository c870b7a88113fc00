// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo.faults;

import java.io.InputStream;
import org.smon.api.RefusedException;
import org.smon.api.Vitals;
import org.smon.wire.BlobReceipt;
import org.smon.wire.ConflictsMessage;
import org.smon.wire.EventsAnswer;
import org.smon.wire.EventsQuery;
import org.smon.wire.HoldersMessage;
import org.smon.wire.KeyAnswer;
import org.smon.wire.KeyMessage;
import org.smon.wire.OfferAnswer;
import org.smon.wire.Parcel;
import org.smon.wire.PeerApi;
import org.smon.wire.Ping;
import org.smon.wire.ProbeAnswer;
import org.smon.wire.ProbeMessage;
import org.smon.wire.Receipt;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.RolloutMessage;
import org.smon.wire.ShellMessage;
import org.smon.wire.StatusAnswer;
import org.smon.wire.StatusPart;
import org.smon.wire.StatusQuery;
import org.smon.wire.VisitNotice;
import org.smon.wire.WorkMessage;

/** In the place of gossip's own component: there is a peer, and it talks to nobody. */
public final class Mute implements PeerApi, Vitals {
  public Mute() {}

  private static RefusedException silence() {
    return new RefusedException("this release is broken on purpose: its gossip is mute");
  }

  @Override
  public Ping ping(Ping ping) throws RefusedException {
    throw silence();
  }

  @Override
  public String document(String type) throws RefusedException {
    throw silence();
  }

  @Override
  public OfferAnswer offer(String text) throws RefusedException {
    throw silence();
  }

  @Override
  public Parcel parcel(String type, String have) throws RefusedException {
    throw silence();
  }

  @Override
  public Receipt take(Parcel parcel) throws RefusedException {
    throw silence();
  }

  @Override
  public HoldersMessage holders(HoldersMessage query) throws RefusedException {
    throw silence();
  }

  @Override
  public ConflictsMessage conflicts(ConflictsMessage message) throws RefusedException {
    throw silence();
  }

  @Override
  public KeyMessage key(String id) throws RefusedException {
    throw silence();
  }

  @Override
  public KeyAnswer offerKey(KeyMessage key) throws RefusedException {
    throw silence();
  }

  @Override
  public InputStream blob(String sha256, long from) throws RefusedException {
    throw silence();
  }

  @Override
  public BlobReceipt takeBlob(String sha256, long from, byte[] piece) throws RefusedException {
    throw silence();
  }

  @Override
  public RolloutMessage rollout(RolloutMessage message) throws RefusedException {
    throw silence();
  }

  @Override
  public ReleasesAnswer releases() throws RefusedException {
    throw silence();
  }

  @Override
  public WorkMessage work(WorkMessage request) throws RefusedException {
    throw silence();
  }

  @Override
  public ProbeAnswer probe(ProbeMessage request) throws RefusedException {
    throw silence();
  }

  @Override
  public VisitNotice visited(VisitNotice notice) throws RefusedException {
    throw silence();
  }

  @Override
  public StatusAnswer status(StatusQuery query) throws RefusedException {
    throw silence();
  }

  @Override
  public StatusPart statusPart(StatusQuery query) throws RefusedException {
    throw silence();
  }

  @Override
  public EventsAnswer events(EventsQuery query) throws RefusedException {
    throw silence();
  }

  @Override
  public ShellMessage.Greeting shellGreeting() throws RefusedException {
    throw silence();
  }

  @Override
  public ShellMessage.Output shell(ShellMessage.Line line) throws RefusedException {
    throw silence();
  }

  @Override
  public long pongsReceived() {
    return 0;
  }
}
