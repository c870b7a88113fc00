// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.io.InputStream;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.MediaType;
import org.smon.api.RefusedException;

/**
 * What a peer answers under K_E. Client proxies throw {@link java.io.UncheckedIOException} when
 * nobody answers in time and {@link RefusedException} when the other side says no.
 */
@Path("/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface PeerApi {
  @POST
  @Path("ping")
  Ping ping(Ping ping) throws RefusedException;

  /** The held document's whole text; refused when there is none. */
  @GET
  @Path("documents/{type}")
  @Produces(MediaType.TEXT_PLAIN)
  String document(@PathParam("type") String type) throws RefusedException;

  /** Offers a document's whole text. */
  @POST
  @Path("documents")
  @Consumes(MediaType.TEXT_PLAIN)
  OfferAnswer offer(String text) throws RefusedException;

  /**
   * The held document, built upon the one that the asker has if that is less to send; refused when
   * there is none.
   *
   * @param have hash of what the asker holds, or null
   */
  @GET
  @Path("parcels/{type}")
  Parcel parcel(@PathParam("type") String type, @QueryParam("have") String have)
      throws RefusedException;

  /** Brings a document; when the answer says that it is held, it is on this peer's disk. */
  @POST
  @Path("parcels")
  Receipt take(Parcel parcel) throws RefusedException;

  /** Which of these machines have a document on disk, the asked one among them or not. */
  @POST
  @Path("holders")
  HoldersMessage holders(HoldersMessage query) throws RefusedException;

  /** Exchanges the losers of conflicts (T5). */
  @POST
  @Path("conflicts")
  ConflictsMessage conflicts(ConflictsMessage message) throws RefusedException;

  /**
   * The bytes of a trusted key, for a member that lacks them; refused after a leak, when keys
   * travel over ssh alone (R41).
   */
  @GET
  @Path("keys/{id}")
  KeyMessage key(@PathParam("id") String id) throws RefusedException;

  /** Offers a key that the receiver's keyring names; refused after a leak. */
  @POST
  @Path("keys")
  KeyAnswer offerKey(KeyMessage key) throws RefusedException;

  /**
   * A blob's bytes from an offset on, or by its hash the text of a release's document; refused when
   * it is not here.
   */
  @GET
  @Path("blobs/{sha256}")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  InputStream blob(@PathParam("sha256") String sha256, @QueryParam("from") long from)
      throws RefusedException;

  /**
   * A piece of a blob that the newest release names; see {@link UpgradeApi#takeBlob}.
   *
   * @param from its place in the blob
   */
  @POST
  @Path("blobs/{sha256}")
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  BlobReceipt takeBlob(
      @PathParam("sha256") String sha256, @QueryParam("from") long from, byte[] piece)
      throws RefusedException;

  /** Exchanges how far a release has come (R23). */
  @POST
  @Path("rollout")
  RolloutMessage rollout(RolloutMessage message) throws RefusedException;

  /** What this peer knows of releases. */
  @GET
  @Path("releases")
  ReleasesAnswer releases() throws RefusedException;

  @POST
  @Path("work")
  WorkMessage work(WorkMessage request) throws RefusedException;

  /** Pings the machine for the asker, within one ping time-out; refused when too many ask. */
  @POST
  @Path("probe")
  ProbeAnswer probe(ProbeMessage request) throws RefusedException;

  /** The answer is the notice itself. */
  @POST
  @Path("visited")
  VisitNotice visited(VisitNotice notice) throws RefusedException;

  /** The whole overlay, collected on demand. */
  @POST
  @Path("status")
  StatusAnswer status(StatusQuery query) throws RefusedException;

  /** A branch of the status tree. */
  @POST
  @Path("status/part")
  StatusPart statusPart(StatusQuery query) throws RefusedException;

  @POST
  @Path("events")
  EventsAnswer events(EventsQuery query) throws RefusedException;

  @GET
  @Path("shell")
  ShellMessage.Greeting shellGreeting() throws RefusedException;

  @POST
  @Path("shell")
  ShellMessage.Output shell(ShellMessage.Line line) throws RefusedException;
}
