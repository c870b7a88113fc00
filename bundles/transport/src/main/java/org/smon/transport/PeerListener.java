// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smon.api.Documents;
import org.smon.api.LocalPeer;
import org.smon.api.OverlayChannel;
import org.smon.wire.PeerApi;

/**
 * The peer's open port. All it uses may come and go: once open, the port stays open until this
 * bundle itself is replaced (R18).
 */
@Component(service = {})
public final class PeerListener {
  private static final Logger LOG = LoggerFactory.getLogger(PeerListener.class);
  private static final int RETRY_SECONDS = 5;

  private final SwappableService<PeerApi> service = new SwappableService<>(PeerApi.class);
  private final Runnable reload = this::reload;
  private OverlayChannel channel;
  private LocalPeer self;
  private Documents documents;
  private OverlayListener listener;
  private ScheduledExecutorService retry;

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      policyOption = ReferencePolicyOption.GREEDY)
  synchronized void setChannel(OverlayChannel next) {
    channel = next;
    next.onChange(reload);
    if (listener == null) {
      openIfReady();
    } else {
      listener.reload(next);
    }
  }

  /** The listener goes on with the context it has. */
  synchronized void unsetChannel(OverlayChannel gone) {
    if (channel == gone) {
      channel = null;
    }
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      policyOption = ReferencePolicyOption.GREEDY)
  synchronized void setSelf(LocalPeer next) {
    self = next;
    openIfReady();
  }

  synchronized void unsetSelf(LocalPeer gone) {
    if (self == gone) {
      self = null;
    }
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      policyOption = ReferencePolicyOption.GREEDY)
  synchronized void setDocuments(Documents next) {
    documents = next;
    openIfReady();
  }

  synchronized void unsetDocuments(Documents gone) {
    if (documents == gone) {
      documents = null;
    }
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      policyOption = ReferencePolicyOption.GREEDY)
  void setPeerApi(PeerApi next) {
    service.set(next);
  }

  void unsetPeerApi(PeerApi gone) {
    service.unset(gone);
  }

  @Deactivate
  synchronized void close() {
    if (retry != null) {
      retry.shutdownNow();
    }
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }

  private synchronized void reload() {
    if (listener != null && channel != null) {
      listener.reload(channel);
    }
  }

  private void openIfReady() {
    if (listener != null || channel == null || self == null || documents == null) {
      return;
    }
    int port = documents.settings().gossipPort();
    try {
      String host = bindable(self.name());
      listener = OverlayListener.open(channel, host, port, PeerApi.class, service.face());
      LOG.info("listening on {}:{}", host == null ? "*" : host, port);
    } catch (IOException e) {
      LOG.warn("cannot listen on port {}: {}; trying again", port, e.getMessage());
      retryLater();
    }
  }

  /** An earlier process of this machine may still hold the port. */
  private void retryLater() {
    if (retry == null) {
      retry = Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "smon-listen"));
      retry.scheduleWithFixedDelay(this::openAgain, RETRY_SECONDS, RETRY_SECONDS, TimeUnit.SECONDS);
    }
  }

  private synchronized void openAgain() {
    openIfReady();
    if (listener != null) {
      retry.shutdown();
      retry = null;
    }
  }

  /** The address the machine's name stands for, if it is one of this machine; else null for all. */
  static String bindable(String name) {
    try {
      InetAddress address = InetAddress.getByName(name);
      new ServerSocket(0, 1, address).close();
      return address.getHostAddress();
    } catch (IOException e) {
      return null;
    }
  }
}
