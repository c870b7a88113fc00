// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents.Offer;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.RefusedException;
import org.smon.membership.HeldDocuments;
import org.smon.security.OperatorTrust;
import org.smon.store.FileState;
import org.smon.transport.OverlayListener;
import org.smon.wire.ConflictsMessage;
import org.smon.wire.HoldersMessage;
import org.smon.wire.Parcel;
import org.smon.wire.PeerApi;
import org.smon.wire.Receipt;

/**
 * Peers at 127.0.0.11 and up that only keep documents, each on a disk of its own, behind the real
 * K_E channel.
 */
final class DiskPeers implements AutoCloseable {
  final ClientHome home;
  private final Path directory;
  private final int port;
  private final Map<String, Running> running = new TreeMap<>();

  /** A listener, and the address at which others reach it: CXF keeps one engine a port. */
  private record Running(OverlayListener listener, ServerSocket front) implements AutoCloseable {
    static Running at(String host, int port, OverlayListener listener) throws IOException {
      ServerSocket front = new ServerSocket();
      front.setReuseAddress(true);
      front.bind(new InetSocketAddress(host, port));
      background(
          () -> {
            while (true) {
              Socket near = front.accept();
              Socket far = new Socket("127.0.0.1", listener.port());
              pump(near, far);
              pump(far, near);
            }
          });
      return new Running(listener, front);
    }

    private static void pump(Socket from, Socket to) {
      background(
          () -> {
            try (from;
                to) {
              from.getInputStream().transferTo(to.getOutputStream());
            }
          });
    }

    private interface Task {
      void run() throws IOException;
    }

    private static void background(Task task) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  task.run();
                } catch (IOException e) {
                  return; // closed
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() {
      try {
        front.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      listener.close();
    }
  }

  /** A home whose overlay has so many machines; none of them runs. */
  DiskPeers(Path user, int machines) throws IOException {
    directory = user.resolve("disks");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(name(0)))) {
      port = free.getLocalPort();
    }
    home = ClientHome.create(user.resolve("home"), new NewOverlay("lab", port, "op"));
    List<Machine> list = new ArrayList<>();
    for (int i = 0; i < machines; i++) {
      list.add(Machine.parse(name(i)));
    }
    home.sign(DocumentType.LIST, new MachineList(list, List.of()).body());
    Files.writeString(home.lastPeerFile(), name(0) + "\n");
  }

  static String name(int number) {
    return "127.0.0." + (11 + number);
  }

  /** Starts one that holds what is on its disk, or what the home holds if that is empty. */
  void start(int number) {
    HeldDocuments documents = onDisk(number);
    ClientHome now = ClientHome.open(home.directory());
    boolean empty = documents.versions().counter(DocumentType.LIST) == 0;
    for (DocumentType type : DocumentType.values()) {
      if (empty) {
        now.documents().held(type).ifPresent(documents::offer);
      }
    }
    try {
      OverlayListener listener =
          OverlayListener.open(
              home.channel(), "127.0.0.1", 0, PeerApi.class, api(name(number), documents));
      running.put(name(number), Running.at(name(number), port, listener));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start(int... numbers) {
    for (int number : numbers) {
      start(number);
    }
  }

  void stop(int number) {
    running.remove(name(number)).close();
  }

  /** What would be there after a kill -9. */
  HeldDocuments onDisk(int number) {
    try {
      FileState state = new FileState(directory.resolve(name(number)));
      return HeldDocuments.found(state, new OperatorTrust(), home.documents().genesis());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Document list(int number) {
    return onDisk(number).held(DocumentType.LIST).orElseThrow();
  }

  /** Machines whose peers say by each other that they have the newest list. */
  final List<String> knownHolders = new CopyOnWriteArrayList<>();

  private HoldersMessage holders(HoldersMessage query) {
    return query.of(query.machines().stream().filter(knownHolders::contains).toList());
  }

  /** What these peers answer beside keeping documents. */
  interface More {
    Object answer(String machine, String method, Object[] args) throws RefusedException;
  }

  volatile More more =
      (machine, method, args) -> {
        throw new RefusedException("this peer only keeps documents");
      };

  private PeerApi api(String machine, HeldDocuments documents) {
    return (PeerApi)
        Proxy.newProxyInstance(
            PeerApi.class.getClassLoader(),
            new Class<?>[] {PeerApi.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "take" -> take(documents, (Parcel) args[0]);
                  case "parcel" ->
                      Parcel.whole(
                          documents.held(DocumentType.ofWord((String) args[0])).orElseThrow());
                  case "conflicts" -> conflicts(documents);
                  case "holders" -> holders((HoldersMessage) args[0]);
                  case "toString" -> "a peer that keeps documents";
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == args[0];
                  default -> more.answer(machine, method.getName(), args);
                });
  }

  private static Receipt take(HeldDocuments documents, Parcel parcel) {
    Document held = documents.held(DocumentType.ofWord(parcel.type())).orElseThrow();
    if (parcel.tellsOnly() || parcel.base() != null && !parcel.base().equals(held.hash())) {
      return Receipt.wanted(held.hash());
    }
    Document offered = parcel.open(held);
    Offer offer = documents.offer(offered);
    boolean lost =
        offer.verdict() == Offer.Verdict.OLDER || offer.verdict() == Offer.Verdict.CONFLICT;
    return new Receipt(offer.verdict(), offer.reason(), null, lost ? Parcel.whole(held) : null);
  }

  private static ConflictsMessage conflicts(HeldDocuments documents) {
    List<Parcel> all = MachinesConflictsCommand.all(documents).stream().map(Parcel::whole).toList();
    return new ConflictsMessage(documents.conflictHashes(), all);
  }

  @Override
  public void close() {
    running.values().forEach(Running::close);
    running.clear();
  }
}
