// SPDX-License-Identifier: Apache-2.0

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.smon.api.Versions;
import org.smon.client.ClientHome;
import org.smon.wire.PeerApi;
import org.smon.wire.Ping;

/**
 * How long a client that asks one peer every 5 ms, over TLS connections that are kept alive, has no answer while that
 * peer swaps gossip, core, upgrade and shell. Arguments: the client's home, the peer, its port. Runs until its stdin
 * ends, then prints the longest time between two answers in milliseconds.
 */
public final class UpgradeGap {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  public static void main(String[] arguments) throws Exception {
    ClientHome home = ClientHome.open(Path.of(arguments[0]));
    PeerApi peer = home.connections().peer(arguments[1], Integer.parseInt(arguments[2]), 2_000);
    Ping ping = Ping.of(home.documents().overlayId(), arguments[1], 1, Versions.NONE, 0);
    List<Long> answers = new ArrayList<>();
    Thread end = new Thread(UpgradeGap::awaitEnd);
    end.start();
    long next = System.nanoTime();
    int failed = 0;
    while (end.isAlive()) {
      try {
        peer.ping(ping);
        answers.add(System.nanoTime());
      } catch (Exception e) { // whatever it is: no answer
        failed++;
      }
      next = Math.max(next + PERIOD_NANOS, System.nanoTime());
      LockSupport.parkNanos(next - System.nanoTime());
    }
    long longest = 0;
    long usual = 0;
    for (int i = 1; i < answers.size(); i++) {
      longest = Math.max(longest, answers.get(i) - answers.get(i - 1));
      usual += answers.get(i) - answers.get(i - 1);
    }
    System.out.printf(
        "%d ms without an answer at the longest; %d answers, one in %.1f ms, %d without%n",
        longest / 1_000_000, answers.size(), usual / 1e6 / Math.max(1, answers.size() - 1), failed);
    System.exit(0);
  }

  private static void awaitEnd() {
    try {
      while (System.in.read() >= 0) {}
    } catch (java.io.IOException e) {
      return;
    }
  }
}
