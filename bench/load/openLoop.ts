import { performance } from 'node:perf_hooks';
import type { Operation } from '../operation.js';
import { Connection, type Received } from './connection.js';
import { measurementOf, type Load, type Measurement } from './measurement.js';
import { createRequests } from './requests.js';

/** A timer is late by up to a millisecond: a shorter wait than this is turned away. */
const MIN_SLEEP_MS = 2;

/**
 * Requests are sent at even intervals, whether or not earlier ones have a response. A latency counts from the moment
 * its request was due, so that a server that stalls cannot hide it.
 */
export async function openLoop(
  cycle: readonly Operation[],
  load: Load & { perSecond: number },
): Promise<Measurement> {
  const url = new URL(load.url);
  const next = createRequests(url, cycle, load.form, load.firstNumber);
  const connections = await Promise.all(Array.from({ length: load.connections }, () => Connection.open(url)));
  const total = Math.floor(load.seconds * load.perSecond);
  const intervalMs = 1000 / load.perSecond;
  const latencies = new Float64Array(total);
  let [sent, received, failures, bytes] = [0, 0, 0, 0];

  return new Promise((resolve, reject) => {
    const began = performance.now();
    const end = (finish: () => void): void => {
      for (const connection of connections) connection.close();
      finish();
    };
    const onError = (error: Error): void => {
      sent = NaN;
      end(() => {
        reject(error);
      });
    };
    const idle = connections.map((connection) => {
      let dueAt = 0;
      const waiting = {
        onError,
        onResponse: (response: Received): void => {
          latencies[received++] = performance.now() - dueAt;
          bytes += response.bytes;
          if (response.status >= 400) failures++;
          idle.push(send);
        },
      };
      const send = (due: number): void => {
        dueAt = due;
        connection.send(next(), waiting);
      };
      return send;
    });
    /** Until the next request is due, in ms. */
    const nextWait = (): number =>
      sent < total ? began + sent * intervalMs - performance.now() : MIN_SLEEP_MS;
    const step = (): void => {
      if (Number.isNaN(sent)) return;
      if (received === total) {
        const seconds = (performance.now() - began) / 1000;
        end(() => {
          resolve(measurementOf(latencies, { seconds, failures, bytes }));
        });
        return;
      }
      let waitMs = nextWait();
      for (let send; waitMs <= 0 && (send = idle.pop()); waitMs = nextWait())
        send(began + sent++ * intervalMs);
      if (waitMs > MIN_SLEEP_MS) setTimeout(step, 1);
      else setImmediate(step);
    };
    step();
  });
}
