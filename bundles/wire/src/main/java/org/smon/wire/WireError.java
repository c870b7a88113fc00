// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

/** The body of every answer that is not a success: one line. */
public record WireError(String error) {}
