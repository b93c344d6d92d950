import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, type Result, type Skipped } from './comparison.js';
import { measureCompression, type CompressionFigure } from './compression.js';
import type { Setup } from './contenders.js';
import { canPin, pinThisProcess } from './cores.js';
import { measureFirstReads, type FirstRead } from './firstRead.js';
import { hasWrk } from './load/wrk.js';
import { HELP, readOptions, type Options } from './options.js';
import { breakdownMarkdown, profileGateway } from './profiling.js';
import { toMarkdown, type Report } from './report.js';
import { startUpstream, type Upstream } from './upstream.js';

const compiled = fileURLToPath(new URL('.', import.meta.url));
/** npm runs scripts in the package's folder. */
const root = process.cwd();

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(HELP);
    return;
  }
  const isPinned = canPin();
  if (isPinned) pinThisProcess();
  options.usesWrk &&= hasWrk();
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const setup = { root, compiled, scratch, isPinned, workers: options.workers };
    if (options.profiles) await profileAll(setup, options);
    else await compareAll(setup, options);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

type Place = Omit<Setup, 'linodeApiUrl'>;

async function compareAll(place: Place, options: Options): Promise<void> {
  const results: Result[] = [];
  const skipped: Skipped[] = [];
  const firstReads: FirstRead[] = [];
  const compression: CompressionFigure[] = [];
  for (const delayMs of options.delaysMs) {
    await withUpstream(delayMs, async (upstream) => {
      const setup = { ...place, linodeApiUrl: upstream.url };
      for (const form of options.forms) {
        for (const workload of options.workloads) {
          progress(`${workload.name}, ${form}, with an upstream delay of ${delayMs} ms`);
          const outcome = await compare(workload, form, delayMs, setup, upstream, options);
          if (Array.isArray(outcome)) results.push(...outcome);
          else skipped.push(outcome);
        }
        if (!options.measuresFirstReads) continue;
        progress(`first reads, ${form}, with an upstream delay of ${delayMs} ms`);
        firstReads.push(...(await measureFirstReads(setup, form, delayMs)));
      }
      if (!options.measuresCompression || compression.length > 0) return;
      progress('compression');
      compression.push(...(await measureCompression(setup, options)));
    });
  }
  const report: Report = {
    date: new Date().toISOString().slice(0, 10),
    circumstances: circumstances(place, options),
    results,
    skipped,
    firstReads,
    compression,
  };
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`);
  console.log(toMarkdown(report));
}

async function profileAll(place: Place, options: Options): Promise<void> {
  for (const delayMs of options.delaysMs) {
    await withUpstream(delayMs, async (upstream) => {
      const setup = { ...place, linodeApiUrl: upstream.url };
      for (const form of options.forms) {
        for (const workload of options.workloads) {
          const breakdown = await profileGateway(workload, form, setup, options);
          console.log(`### ${workload.name}, ${form}: ${workload.title}, upstream delay ${delayMs} ms\n`);
          console.log(`${breakdownMarkdown(breakdown)}\n`);
        }
      }
    });
  }
}

async function withUpstream(delayMs: number, work: (upstream: Upstream) => Promise<void>): Promise<void> {
  const upstream = await startUpstream(compiled, delayMs);
  try {
    await work(upstream);
  } finally {
    await upstream.stop();
  }
}

function circumstances({ isPinned }: Place, options: Options): Record<string, string> {
  return {
    gateway: versionOf('.'),
    Node: process.versions.node,
    '@apollo/server': versionOf('node_modules/@apollo/server'),
    express: versionOf('node_modules/express'),
    '@apollo/datasource-rest': versionOf('node_modules/@apollo/datasource-rest'),
    processor: cpus()[0]?.model ?? 'unknown',
    cores: isPinned ? 'one for the server, one for load and upstream' : 'shared by all',
    load: options.usesWrk ? 'by wrk' : 'by Node',
    connections: String(options.connections),
    workers: String(options.workers),
    runs: `${options.runs} of ${options.seconds} s`,
  };
}

const versionOf = (directory: string): string =>
  (JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')) as { version: string }).version;

function progress(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
