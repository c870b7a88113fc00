// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.List;
import org.smon.api.Event;

/** Events in the order of their times. */
public record EventsAnswer(List<Event> events) {}
