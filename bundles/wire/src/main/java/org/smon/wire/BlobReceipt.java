// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

/**
 * How much of a blob is on the receiver's disk.
 *
 * @param have bytes from the start; the next piece goes on there
 * @param whole true once all of it is there and its hash is right
 */
public record BlobReceipt(long have, boolean whole) {}
