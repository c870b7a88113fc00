// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.InputStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Documents.Offer.Verdict;
import org.smon.api.Livetag;
import org.smon.api.RefusedException;
import org.smon.wire.BlobReceipt;
import org.smon.wire.ConflictsMessage;
import org.smon.wire.EventsAnswer;
import org.smon.wire.EventsQuery;
import org.smon.wire.HoldersMessage;
import org.smon.wire.KeyAnswer;
import org.smon.wire.KeyMessage;
import org.smon.wire.MachineStatus;
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

/** The only peer of an overlay: takes documents, and tells of itself. */
final class OnePeer implements PeerApi {
  private final String name;
  private final String overlay;
  private final Map<DocumentType, Document> held = new EnumMap<>(DocumentType.class);

  /** Takes nothing, as if it never arrived. */
  volatile boolean deaf;

  /** Obeys what it cannot keep, and says so. */
  volatile boolean diskFull;

  /** Run once the peer was told livetag false and asked for the status. */
  volatile Runnable afterLivetagFalse = () -> {};

  OnePeer(String name, Documents documents) {
    this.name = name;
    this.overlay = documents.overlayId();
    for (DocumentType type : DocumentType.values()) {
      documents.held(type).ifPresent(this::hold);
    }
  }

  synchronized void hold(Document document) {
    held.put(document.type(), document);
  }

  synchronized Document document(DocumentType type) {
    return held.get(type);
  }

  Livetag livetag() {
    return Livetag.ofBody(document(DocumentType.LIVETAG).body());
  }

  @Override
  public OfferAnswer offer(String text) {
    Document offered = Document.parse(text);
    Document mine = document(offered.type());
    if (deaf) {
      return new OfferAnswer(Verdict.KNOWN, null, null);
    }
    if (offered.hash().equals(mine.hash())) {
      return new OfferAnswer(Verdict.KNOWN, null, null);
    }
    if (!offered.supersedes(mine)) {
      return new OfferAnswer(Verdict.OLDER, null, mine.text());
    }
    hold(offered);
    return diskFull
        ? new OfferAnswer(Verdict.REFUSED, "No space left on device; it is obeyed", null)
        : new OfferAnswer(Verdict.ADOPTED, null, null);
  }

  @Override
  public Parcel parcel(String type, String have) {
    return Parcel.whole(document(DocumentType.ofWord(type)));
  }

  @Override
  public Receipt take(Parcel parcel) {
    Document mine = document(DocumentType.ofWord(parcel.type()));
    if (parcel.tellsOnly() || parcel.base() != null && !parcel.base().equals(mine.hash())) {
      return Receipt.wanted(mine.hash());
    }
    Document offered = parcel.open(mine);
    OfferAnswer answer = offer(offered.text());
    Parcel newer = answer.newer() == null ? null : Parcel.whole(Document.parse(answer.newer()));
    return new Receipt(answer.verdict(), answer.reason(), null, newer);
  }

  @Override
  public HoldersMessage holders(HoldersMessage query) {
    return query.of(List.of());
  }

  @Override
  public ConflictsMessage conflicts(ConflictsMessage message) {
    return new ConflictsMessage(List.of(), List.of());
  }

  @Override
  public BlobReceipt takeBlob(String sha256, long from, byte[] piece) throws RefusedException {
    throw new RefusedException("this peer takes no releases");
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
  public StatusAnswer status(StatusQuery query) {
    Livetag livetag = livetag();
    if (!livetag.value()) {
      new Thread(afterLivetagFalse).start();
    }
    long version = document(DocumentType.LIVETAG).counter();
    MachineStatus self =
        new MachineStatus(
            name,
            MachineStatus.State.online,
            1L,
            null,
            null,
            null,
            document(DocumentType.LIST).counter(),
            version,
            null,
            null,
            null,
            0L,
            null,
            List.of());
    return new StatusAnswer(
        overlay,
        "lab",
        new StatusAnswer.LivetagView(livetag.value(), version),
        new StatusAnswer.ListView(1, 1),
        new StatusAnswer.ReleaseView(null, null),
        List.of(self),
        StatusAnswer.Summary.of(List.of(self)));
  }

  @Override
  public Ping ping(Ping ping) {
    return ping;
  }

  @Override
  public String document(String type) {
    return document(DocumentType.ofWord(type)).text();
  }

  @Override
  public KeyMessage key(String id) throws RefusedException {
    throw new RefusedException("no keys here");
  }

  @Override
  public KeyAnswer offerKey(KeyMessage key) {
    return new KeyAnswer(List.of());
  }

  @Override
  public InputStream blob(String sha256, long from) throws RefusedException {
    throw new RefusedException("no blobs here");
  }

  @Override
  public WorkMessage work(WorkMessage request) {
    return new WorkMessage(name, null);
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
  public StatusPart statusPart(StatusQuery query) {
    return new StatusPart(List.of(), List.of());
  }

  @Override
  public EventsAnswer events(EventsQuery query) {
    return new EventsAnswer(List.of());
  }

  @Override
  public ShellMessage.Greeting shellGreeting() throws RefusedException {
    throw new RefusedException("no shell here");
  }

  @Override
  public ShellMessage.Output shell(ShellMessage.Line line) throws RefusedException {
    throw new RefusedException("no shell here");
  }
}
