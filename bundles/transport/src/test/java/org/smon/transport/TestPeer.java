// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.smon.api.Documents.Offer.Verdict;
import org.smon.api.RefusedException;
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

/** A peer that answers what it was asked. */
class TestPeer implements PeerApi {
  static final int BLOB_BYTES = 3_000_000;

  final CountDownLatch mayAnswer = new CountDownLatch(1);

  @Override
  public Ping ping(Ping ping) {
    return ping;
  }

  @Override
  public String document(String type) throws RefusedException {
    throw new RefusedException("no document of type " + type + " is held");
  }

  @Override
  public OfferAnswer offer(String text) {
    return new OfferAnswer(Verdict.OLDER, String.valueOf(text.length()), null);
  }

  @Override
  public Parcel parcel(String type, String have) throws RefusedException {
    throw new RefusedException("no parcel of type " + type + " upon " + have);
  }

  @Override
  public Receipt take(Parcel parcel) {
    return new Receipt(null, null, parcel.hash(), parcel);
  }

  @Override
  public HoldersMessage holders(HoldersMessage query) {
    return query;
  }

  @Override
  public ConflictsMessage conflicts(ConflictsMessage message) {
    return message;
  }

  @Override
  public KeyMessage key(String id) throws RefusedException {
    throw new RefusedException("no key here");
  }

  @Override
  public KeyAnswer offerKey(KeyMessage key) {
    return new KeyAnswer(List.of());
  }

  @Override
  public InputStream blob(String sha256, long from) {
    return new ByteArrayInputStream(new byte[BLOB_BYTES - (int) from]);
  }

  @Override
  public BlobReceipt takeBlob(String sha256, long from, byte[] piece) {
    return new BlobReceipt(from + piece.length, false);
  }

  @Override
  public RolloutMessage rollout(RolloutMessage message) {
    return message;
  }

  @Override
  public ReleasesAnswer releases() {
    return new ReleasesAnswer(List.of());
  }

  @Override
  public WorkMessage work(WorkMessage request) {
    throw new IllegalStateException("secret detail");
  }

  @Override
  public ProbeAnswer probe(ProbeMessage request) {
    return new ProbeAnswer(false, 0);
  }

  @Override
  public VisitNotice visited(VisitNotice notice) {
    return notice;
  }

  @Override
  public StatusAnswer status(StatusQuery query) {
    throw new UncheckedIOException(new IOException("disk detail"));
  }

  @Override
  public StatusPart statusPart(StatusQuery query) {
    try {
      mayAnswer.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return null;
  }

  @Override
  public EventsAnswer events(EventsQuery query) {
    try {
      mayAnswer.await(300, TimeUnit.MILLISECONDS); // as long as a tree of peers may take
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new EventsAnswer(List.of());
  }

  @Override
  public ShellMessage.Greeting shellGreeting() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ShellMessage.Output shell(ShellMessage.Line line) {
    throw new UnsupportedOperationException();
  }
}
