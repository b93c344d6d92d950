import { performance } from 'node:perf_hooks';
import type { Operation } from '../operation.js';
import { Connection } from './connection.js';
import { measurementOf, type Load, type Measurement } from './measurement.js';
import { createRequests } from './requests.js';

/** Every connection sends its next request as soon as it has a response: the peak. Slower than wrk; needs only Node. */
export async function closedLoop(cycle: readonly Operation[], load: Load): Promise<Measurement> {
  const url = new URL(load.url);
  const next = createRequests(url, cycle, load.form, load.firstNumber);
  const latencies: number[] = [];
  let failures = 0;
  let bytes = 0;
  const began = performance.now();
  const endsAt = began + load.seconds * 1000;

  await Promise.all(
    Array.from({ length: load.connections }, async () => {
      const connection = await Connection.open(url);
      for (let sentAt = performance.now(); sentAt < endsAt;) {
        const received = await connection.request(next());
        const now = performance.now();
        latencies.push(now - sentAt);
        sentAt = now;
        bytes += received.bytes;
        if (received.status >= 400) failures++;
      }
      connection.close();
    }),
  );
  return measurementOf(latencies, { seconds: (performance.now() - began) / 1000, failures, bytes });
}
