import { readFileSync } from 'node:fs';
import { startGateway, type Setup } from './contenders.js';
import { Connection, requestText } from './load/connection.js';
import { median } from './load/measurement.js';
import { instantiate, takeNumbers, type Operation } from './operation.js';
import { WORKLOADS, type Workload } from './workloads.js';

/** What a response of 500 images behind a proxy costs in one form. */
export interface CompressionFigure {
  title: string;
  /** Of `Accept-Encoding`; `identity` is not compressed. */
  coding: string;
  bytesPerResponse: number;
  /** The uncompressed response has so many times the bytes. */
  ratio: number;
  /** User and system time of the gateway for each response; NaN where there is no /proc. */
  cpuMicrosecondsPerResponse: number;
}

const CODINGS = ['identity', 'gzip', 'br'] as const;
/** 500 images with every field: repeated, and never seen before. */
const NAMES = ['W9c', 'W9d'];
const CONNECTIONS = 8;

/** Codings in turn on one gateway, so that a slow moment of the machine hits all of them; medians of the runs. */
export async function measureCompression(
  setup: Setup,
  { runs, seconds }: { runs: number; seconds: number },
): Promise<CompressionFigure[]> {
  const figures: CompressionFigure[] = [];
  for (const workload of WORKLOADS.filter(({ name }) => NAMES.includes(name))) {
    const gateway = await startGateway(setup, 'proxied');
    try {
      const measured = CODINGS.map((coding) => ({ coding, runs: [] as Run[] }));
      for (let run = 0; run <= runs; run++) {
        for (const each of measured) {
          const result = await load(
            gateway.url,
            gateway.server.child.pid ?? 0,
            workload,
            each.coding,
            seconds,
          );
          // The first run warms up the code.
          if (run > 0) each.runs.push(result);
        }
      }
      const bytesOf = (index: number) => median(measured[index]?.runs.map(({ bytes }) => bytes) ?? []);
      figures.push(
        ...measured.map(({ coding, runs }, i) => ({
          title: workload.title,
          coding,
          bytesPerResponse: bytesOf(i),
          ratio: bytesOf(0) / bytesOf(i),
          cpuMicrosecondsPerResponse: median(runs.map(({ cpuMicroseconds }) => cpuMicroseconds)),
        })),
      );
    } finally {
      await gateway.server.stop();
    }
  }
  return figures;
}

/** Of one response each. */
interface Run {
  bytes: number;
  cpuMicroseconds: number;
}

async function load(
  url: string,
  pid: number,
  { cycle }: Workload,
  coding: string,
  seconds: number,
): Promise<Run> {
  const target = new URL(url);
  const next = (): string => textOf(target, cycle[0] as Operation, coding);
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(target)));
  // The response cache records at the second request.
  for (const connection of connections.slice(0, 3)) await connection.request(next());
  let responses = 0;
  let bytes = 0;
  const before = cpuMicroseconds(pid);
  const endsAt = performance.now() + seconds * 1000;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < endsAt) {
        const received = await connection.request(next());
        if (received.status !== 200) throw new Error(`${url} responded with ${received.status}`);
        responses++;
        bytes += received.bytes;
      }
      connection.close();
    }),
  );
  return {
    bytes: bytes / responses,
    cpuMicroseconds: (cpuMicroseconds(pid) - before) / responses,
  };
}

function textOf(url: URL, operation: Operation, coding: string): string {
  const { headers, body } = instantiate(operation, 'proxied', takeNumbers(1));
  return requestText(url, 'POST', { ...headers, 'Accept-Encoding': coding }, body);
}

/** Clock ticks of /proc are 10 ms on Linux. */
const MICROSECONDS_PER_TICK = 10_000;

/** What a process has used so far, all of its threads together. */
function cpuMicroseconds(pid: number): number {
  try {
    // The name, in parentheses, may hold blanks. Of the fields after it, user and system time are the 12th and 13th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK;
  } catch {
    return NaN;
  }
}
