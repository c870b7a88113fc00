// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

/**
 * How far a release has come, as the sender has heard; answered by what the receiver has (R23).
 * Both keep the union. Members are believed here, for it can only delay, stop or hasten a release
 * that an operator signed.
 *
 * @param from the sender's machine name
 * @param release hash of the release's document
 * @param list hash of the machine list by whose order the marks are laid out
 * @param marks two bits a machine, base64; empty for none
 * @param stocked whether the sender has all files of the release, so that they can be had there
 */
public record RolloutMessage(
    String from, String release, String list, String marks, boolean stocked) {}
