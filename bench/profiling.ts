import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { peak } from './comparison.js';
import { startGateway, type Setup } from './contenders.js';
import type { Form } from './form.js';
import { NUMBERS_OF_A_LOAD } from './load/measurement.js';
import type { Options } from './options.js';
import { breakDown, readProfile, type Breakdown, type Share } from './profile.js';
import { takeNumbers } from './operation.js';
import { table } from './report.js';
import type { Workload } from './workloads.js';

/** Loads a gateway of its own under Node's profiler, and says where its time went after the warm-up. */
export async function profileGateway(
  workload: Workload,
  form: Form,
  setup: Setup,
  options: Options,
): Promise<Breakdown> {
  const directory = mkdtempSync(join(setup.scratch, 'profile-'));
  const nodeFlags = ['--cpu-prof', `--cpu-prof-dir=${directory}`, '--cpu-prof-interval=500'];
  const began = performance.now();
  const gateway = await startGateway({ ...setup, nodeFlags }, form);
  const load = { url: gateway.url, form, connections: options.connections };
  const run = (seconds: number) =>
    peak(workload.cycle, { ...load, seconds, firstNumber: takeNumbers(NUMBERS_OF_A_LOAD) }, setup, options);
  try {
    await run(options.warmUpSeconds);
    const warmMs = performance.now() - began;
    await run(options.seconds);
    await gateway.server.stop();
    return breakDown(readProfile(directory), warmMs);
  } finally {
    await gateway.server.stop();
  }
}

const MAX_ROWS = 20;

export function breakdownMarkdown({ layers, parts, functions }: Breakdown): string {
  const section = (name: string, shares: readonly Share[]) =>
    table(
      [name, 'of the busy time'],
      shares.slice(0, MAX_ROWS).map((share) => [share.name, `${share.percent.toFixed(1)} %`]),
      1,
    );
  return [section('layer', layers), section('part', parts), section('function', functions)].join('\n\n');
}
