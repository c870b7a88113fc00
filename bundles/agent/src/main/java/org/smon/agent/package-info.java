// SPDX-License-Identifier: Apache-2.0
/** The authentication agent: holds the keys, checks, signs, logs. */
package org.smon.agent;
