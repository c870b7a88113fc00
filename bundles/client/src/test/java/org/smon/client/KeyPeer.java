// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Documents.Offer;
import org.smon.membership.HeldDocuments;
import org.smon.security.KeChannel;
import org.smon.security.KeyFolder;
import org.smon.security.OperatorTrust;
import org.smon.security.OverlayKey;
import org.smon.security.SigningKey;
import org.smon.store.FileState;
import org.smon.transport.OverlayListener;
import org.smon.wire.KeyExchange;
import org.smon.wire.KeyMessage;
import org.smon.wire.MachineStatus;
import org.smon.wire.OfferAnswer;
import org.smon.wire.PeerApi;
import org.smon.wire.StatusAnswer;

/** As much of a peer as a rotation of K_E needs, with a disk of its own. */
final class KeyPeer implements AutoCloseable {
  final HeldDocuments documents;
  final KeChannel channel;
  private final String name;
  private final KeyExchange keys;
  private final OverlayListener listener;

  /** Takes no key, as if it never arrived. */
  volatile boolean deaf;

  KeyPeer(String name, Path directory, ClientHome home) throws IOException {
    this.name = name;
    documents =
        HeldDocuments.found(
            new FileState(directory.resolve("state")),
            new OperatorTrust(),
            home.documents().genesis());
    for (DocumentType type : DocumentType.values()) {
      home.documents().held(type).ifPresent(documents::offer);
    }
    KeyFolder folder = new KeyFolder(directory.resolve("keys"));
    for (OverlayKey key : home.keys().keys().values()) {
      folder.add(key);
    }
    channel = new KeChannel(folder, documents, SigningKey.generate().pair(), true);
    keys = new KeyExchange(documents, channel);
    int port = documents.settings().gossipPort();
    listener = OverlayListener.open(channel, name, port, PeerApi.class, api());
    channel.onChange(() -> listener.reload(channel));
  }

  private PeerApi api() {
    return (PeerApi)
        Proxy.newProxyInstance(
            PeerApi.class.getClassLoader(),
            new Class<?>[] {PeerApi.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "offer" -> offered(Document.parse((String) args[0]));
                  case "document" ->
                      documents.held(DocumentType.ofWord((String) args[0])).orElseThrow().text();
                  case "key" -> keys.given((String) args[0]);
                  case "offerKey" -> keys.taken(deaf ? noKey() : (KeyMessage) args[0]);
                  case "status" -> status();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static KeyMessage noKey() {
    return new KeyMessage(OverlayKey.generate().bytes());
  }

  private OfferAnswer offered(Document document) {
    Offer offer = documents.offer(document);
    boolean older =
        offer.verdict() == Offer.Verdict.OLDER || offer.verdict() == Offer.Verdict.CONFLICT;
    String newer = older ? documents.held(document.type()).orElseThrow().text() : null;
    return new OfferAnswer(offer.verdict(), offer.reason(), newer);
  }

  private StatusAnswer status() {
    MachineStatus self =
        new MachineStatus(
            name,
            MachineStatus.State.online,
            1L,
            null,
            null,
            null,
            1L,
            1L,
            null,
            null,
            null,
            0L,
            null,
            List.of(),
            channel.keyring());
    Documents held = documents;
    return new StatusAnswer(
        held.overlayId(),
        "lab",
        new StatusAnswer.LivetagView(true, 1),
        new StatusAnswer.ListView(1, 1),
        new StatusAnswer.ReleaseView(null, null),
        List.of(self),
        StatusAnswer.Summary.of(List.of(self)));
  }

  @Override
  public void close() {
    listener.close();
    channel.close();
  }
}
