// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

/**
 * How new a document is: its counter and, to tell two documents of one counter apart, its hash.
 *
 * @param hash hex SHA-256 of the document's canonical text
 */
public record Version(long counter, String hash) {}
