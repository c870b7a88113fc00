// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

/**
 * How an overlay came through an {@link Ordeal}; the component names are the JSON of {@code smon
 * simulate --faults --json}. Rounds are WAIT_INTERVALs.
 *
 * @param healedRounds after the last fault, until every machine has its one peer with the newest
 *     documents
 * @param shutDownRounds after the last machine that was cut off came back, until no peer ran
 * @param backRounds from the first peer of the deployment after the shutdown, until all ran
 * @param needlessLogins logins that revived no dead peer, failed ones included
 * @param needlessLoginsMost the most of them at one machine within an hour
 * @param logins all logins
 */
public record OrdealResult(
    int machines,
    long seed,
    double healedRounds,
    double shutDownRounds,
    double backRounds,
    long needlessLogins,
    int needlessLoginsMost,
    int logins) {}
