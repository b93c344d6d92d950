import { performance } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Question } from '../question.js';
import { Connection } from './connection.js';
import { measurementOf, type Load, type Measurement } from './measurement.js';
import { createRequests } from './requests.js';

/**
 * Requests come at even intervals whether or not earlier ones are answered. A latency counts from the moment its
 * request was due, so that a server that stands still cannot hide it.
 */
export async function openLoop(
  cycle: readonly Question[],
  load: Load & { perSecond: number },
): Promise<Measurement> {
  const url = new URL(load.url);
  const next = createRequests(url, cycle, load.firstNumber);
  const connections = await Promise.all(Array.from({ length: load.connections }, () => Connection.open(url)));
  const idle = [...connections];
  const latencies: number[] = [];
  let failures = 0;
  let bytes = 0;
  let broken: Error | undefined;

  const send = (connection: Connection, dueAt: number): void => {
    connection.send(next()).then(
      (received) => {
        latencies.push(performance.now() - dueAt);
        bytes += received.bytes;
        if (received.status >= 400) failures++;
        idle.push(connection);
      },
      (error: Error) => (broken = error),
    );
  };

  const intervalMs = 1000 / load.perSecond;
  const total = Math.floor(load.seconds * load.perSecond);
  const began = performance.now();
  for (let sent = 0; latencies.length < total && !broken;) {
    const dueAt = began + sent * intervalMs;
    const waitMs = dueAt - performance.now();
    const connection = sent < total && waitMs <= 0 ? idle.pop() : undefined;
    if (connection) {
      send(connection, dueAt);
      sent++;
    } else if (waitMs > 2) {
      // A timer is late by up to a millisecond: the rest of the wait is turned away.
      await sleep(1);
    } else {
      await turn();
    }
  }
  for (const connection of connections) connection.close();
  if (broken) throw broken;
  return measurementOf(latencies, { seconds: (performance.now() - began) / 1000, failures, bytes });
}
