// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.util.List;
import org.smon.api.Vitals;
import org.smon.client.demo.faults.Hanging;
import org.smon.client.demo.faults.Leaking;
import org.smon.client.demo.faults.Mute;
import org.smon.client.demo.faults.Throwing;
import org.smon.wire.PeerApi;

/** What can be wrong with a release of the demo; the names are the words of {@code --broken}. */
enum Fault {
  /** A component's activation throws. */
  throwing("throws", "smon-gossip"),
  /** A bundle needs a package that nobody has. */
  unresolved("unresolved", "smon-core"),
  /** A component's activation never returns. */
  hanging("hangs", "smon-gossip"),
  /** A component eats the heap. */
  leaking("leaks", "smon-gossip"),
  /** The peer answers nobody. */
  mute("mute", "smon-gossip"),
  /** It runs, but no release could follow it. */
  stuck("stuck", "smon-upgrade");

  private static final String GOSSIP_PEER = "org.smon.gossip.GossipPeer";
  private static final String UPGRADE_PEER = "org.smon.upgrade.UpgradePeer";

  private final String word;
  private final String artifact;

  Fault(String word, String artifact) {
    this.word = word;
    this.artifact = artifact;
  }

  /** The bundle that it is in. */
  String artifact() {
    return artifact;
  }

  /** Puts it into the bundle. */
  void breakIt(BundleRewrite bundle) {
    switch (this) {
      case throwing -> bundle.addComponent(Throwing.class, List.of(), "activate", null);
      case unresolved -> bundle.importPackage("org.smon.nowhere;version=\"[1.0,2)\"");
      case hanging -> bundle.addComponent(Hanging.class, List.of(), "activate", null);
      case leaking -> bundle.addComponent(Leaking.class, List.of(), "activate", "deactivate");
      case mute -> {
        bundle.removeComponent(GOSSIP_PEER);
        bundle.addComponent(
            Mute.class, List.of(PeerApi.class.getName(), Vitals.class.getName()), null, null);
      }
      case stuck -> bundle.removeComponent(UPGRADE_PEER);
    }
  }

  @Override
  public String toString() {
    return word;
  }
}
