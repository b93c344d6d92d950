import {
  startCeiling,
  startGateway,
  startPlain,
  type Contender,
  type ContenderName,
  type Setup,
} from './contenders.js';
import type { Form } from './form.js';
import { Connection } from './load/connection.js';
import { createRequests } from './load/requests.js';
import { closedLoop } from './load/closedLoop.js';
import { median, NUMBERS_OF_A_LOAD, type Load, type Measurement } from './load/measurement.js';
import { openLoop } from './load/openLoop.js';
import { wrk } from './load/wrk.js';
import type { Options } from './options.js';
import { takeNumbers, type Operation } from './operation.js';
import type { Upstream } from './upstream.js';
import { SAMPLES, verify } from './verification.js';
import type { Workload } from './workloads.js';

/** Above it the pauses of the load itself are what is measured. */
const MAX_EVEN_PER_SECOND = 20_000;

/** One contender at one workload: medians of its runs. */
export interface Result {
  workload: string;
  title: string;
  form: Form;
  delayMs: number;
  contender: ContenderName;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** At half of `perSecond`, from the moment each request was due. */
  halfLoad: { p50Ms: number; p99Ms: number };
  upstreamCallsPerOperation: number;
  /** Headers and all. */
  bytesPerResponse: number;
  /** The same while responses were verified: where the two differ, the server sent something else under load. */
  bytesPerVerifiedResponse: number;
  /** In all runs together. */
  failures: number;
  residentMegabytes: number;
}

/** A workload that was not measured, and why. */
export interface Skipped {
  workload: string;
  form: Form;
  delayMs: number;
  reason: string;
}

interface Run extends Measurement {
  upstreamCalls: number;
}

/**
 * Starts the contenders, verifies their responses, and only then loads them in turn.
 * @throws {Error} when a response is wrong
 */
export async function compare(
  workload: Workload,
  form: Form,
  delayMs: number,
  setup: Setup,
  upstream: Upstream,
  options: Options,
): Promise<Result[] | Skipped> {
  const running: Contender[] = [];
  const started = async (starting: Promise<Contender>): Promise<Contender> => {
    const contender = await starting;
    running.push(contender);
    return contender;
  };
  try {
    const gateway = await started(startGateway(setup, form));
    const plain = await started(startPlain(setup));
    const verdict = await verify(workload, form, gateway.url, plain.url);
    if (!verdict.isRight) {
      if (!verdict.isUnknown) throw new Error(verdict.reason);
      return { workload: workload.name, form, delayMs, reason: "the gateway's schema has no such setup yet" };
    }
    await started(startCeiling(setup, verdict.bodies.slice(0, 10)));
    const measured = running.filter(({ name }) => options.contenders.includes(name));
    return await measure(measured, workload, form, delayMs, setup, upstream, options);
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
}

async function measure(
  contenders: readonly Contender[],
  workload: Workload,
  form: Form,
  delayMs: number,
  setup: Setup,
  upstream: Upstream,
  options: Options,
): Promise<Result[]> {
  const runs = new Map<ContenderName, Run[]>(contenders.map(({ name }) => [name, []]));
  const verifiedBytes = new Map<ContenderName, number>();
  for (const contender of contenders) {
    verifiedBytes.set(contender.name, await meanBytes(workload.cycle, form, contender.url));
    await peak(workload.cycle, loadOn(contender, form, options, options.warmUpSeconds), setup, options);
  }
  // In turn, so that a slow moment of the machine hits every contender.
  for (let run = 0; run < options.runs; run++) {
    for (const contender of contenders) {
      const before = await upstream.requests();
      const measurement = await peak(
        workload.cycle,
        loadOn(contender, form, options, options.seconds),
        setup,
        options,
      );
      const upstreamCalls = (await upstream.requests()) - before;
      runs.get(contender.name)?.push({ ...measurement, upstreamCalls });
    }
  }

  const results: Result[] = [];
  for (const contender of contenders) {
    const own = runs.get(contender.name) ?? [];
    const residentMegabytes = contender.server.residentMegabytes();
    const perSecond = median(own.map((run) => run.perSecond));
    const halfLoad = { perSecond: Math.min(perSecond / 2, MAX_EVEN_PER_SECOND) };
    // The load has to be quick at this too before it is believed.
    await openLoop(workload.cycle, {
      ...loadOn(contender, form, options, options.warmUpSeconds),
      ...halfLoad,
    });
    const half = await openLoop(workload.cycle, {
      ...loadOn(contender, form, options, options.seconds),
      ...halfLoad,
    });
    results.push({
      workload: workload.name,
      title: workload.title,
      form,
      delayMs,
      contender: contender.name,
      perSecond,
      p50Ms: median(own.map(({ p50Ms }) => p50Ms)),
      p99Ms: median(own.map(({ p99Ms }) => p99Ms)),
      halfLoad: { p50Ms: half.p50Ms, p99Ms: half.p99Ms },
      upstreamCallsPerOperation: median(own.map(({ upstreamCalls, requests }) => upstreamCalls / requests)),
      bytesPerResponse: median(own.map(({ bytes, requests }) => bytes / requests)),
      bytesPerVerifiedResponse: verifiedBytes.get(contender.name) ?? NaN,
      failures: own.reduce((sum, { failures }) => sum + failures, half.failures),
      residentMegabytes,
    });
  }
  return results;
}

const loadOn = ({ url }: Contender, form: Form, { connections }: Options, seconds: number): Load => ({
  url,
  form,
  seconds,
  connections,
  firstNumber: takeNumbers(NUMBERS_OF_A_LOAD),
});

/** The most that a server can do, by the best generator there is. */
export const peak = (
  cycle: readonly Operation[],
  load: Load,
  { scratch }: Setup,
  { usesWrk }: Options,
): Promise<Measurement> => (usesWrk ? wrk(cycle, load, scratch) : closedLoop(cycle, load));

async function meanBytes(cycle: readonly Operation[], form: Form, url: string): Promise<number> {
  const connection = await Connection.open(new URL(url));
  const next = createRequests(new URL(url), cycle, form, takeNumbers(SAMPLES));
  let bytes = 0;
  for (let i = 0; i < SAMPLES; i++) bytes += (await connection.request(next())).bytes;
  connection.close();
  return bytes / SAMPLES;
}
