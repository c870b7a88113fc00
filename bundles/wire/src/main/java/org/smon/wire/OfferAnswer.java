// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import org.smon.api.Documents.Offer.Verdict;

/**
 * What a peer made of an offered document.
 *
 * @param reason one line, or null
 * @param newer the text of the document it holds, if that one is newer, or null
 */
public record OfferAnswer(Verdict verdict, String reason, String newer) {}
