// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.List;

/**
 * What came of an offered key.
 *
 * @param missing ids of keys that the receiver's keyring names and it still lacks
 */
public record KeyAnswer(List<String> missing) {}
