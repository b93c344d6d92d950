import {
  startCeiling,
  startGateway,
  startPlain,
  type Contender,
  type ContenderName,
  type Field,
} from './contenders.js';
import type { Form } from './form.js';
import { Connection } from './load/connection.js';
import { createRequests } from './load/requests.js';
import { closedLoop } from './load/closedLoop.js';
import { median, NUMBERS_OF_A_LOAD, type Load, type Measurement } from './load/measurement.js';
import { openLoop } from './load/openLoop.js';
import { wrk } from './load/wrk.js';
import type { Options } from './options.js';
import { takeNumbers, type Question } from './question.js';
import type { Upstream } from './upstream.js';
import { QUESTIONS, verify } from './verification.js';
import type { Workload } from './workloads.js';

/** Above it the pauses of the load itself are what is measured. */
const MOST_EVEN_PER_SECOND = 20_000;

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
  bytesPerAnswer: number;
  /** The same while answers were verified: where the two differ, the server answered something else under load. */
  bytesPerVerifiedAnswer: number;
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

interface Spell extends Measurement {
  upstreamCalls: number;
}

/**
 * Starts the contenders anew, sees that their answers are right, and only then loads them in turn.
 * @throws {Error} when an answer is wrong
 */
export async function compare(
  workload: Workload,
  form: Form,
  delayMs: number,
  field: Field,
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
    const gateway = await started(startGateway(field, form));
    const plain = await started(startPlain(field));
    const verdict = await verify(workload, form, gateway.url, plain.url);
    if (!verdict.isRight) {
      if (!verdict.isUnknown) throw new Error(verdict.reason);
      return { workload: workload.name, form, delayMs, reason: "the gateway's schema has no such field yet" };
    }
    await started(startCeiling(field, verdict.bodies.slice(0, 10)));
    const measured = running.filter(({ name }) => options.contenders.includes(name));
    return await measure(measured, workload, form, delayMs, field, upstream, options);
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
}

async function measure(
  contenders: readonly Contender[],
  workload: Workload,
  form: Form,
  delayMs: number,
  field: Field,
  upstream: Upstream,
  options: Options,
): Promise<Result[]> {
  const spells = new Map<ContenderName, Spell[]>(contenders.map(({ name }) => [name, []]));
  const verifiedBytes = new Map<ContenderName, number>();
  for (const contender of contenders) {
    verifiedBytes.set(contender.name, await meanBytes(workload.cycle, form, contender.url));
    await peak(workload.cycle, loadOn(contender, form, options, options.warmUpSeconds), field, options);
  }
  // In turn, so that a slow moment of the machine meets everybody.
  for (let run = 0; run < options.runs; run++) {
    for (const contender of contenders) {
      const before = await upstream.requests();
      const measurement = await peak(
        workload.cycle,
        loadOn(contender, form, options, options.seconds),
        field,
        options,
      );
      const upstreamCalls = (await upstream.requests()) - before;
      spells.get(contender.name)?.push({ ...measurement, upstreamCalls });
    }
  }

  const results: Result[] = [];
  for (const contender of contenders) {
    const own = spells.get(contender.name) ?? [];
    const residentMegabytes = contender.server.residentMegabytes();
    const perSecond = median(own.map((spell) => spell.perSecond));
    const halfLoad = { perSecond: Math.min(perSecond / 2, MOST_EVEN_PER_SECOND) };
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
      bytesPerAnswer: median(own.map(({ bytes, requests }) => bytes / requests)),
      bytesPerVerifiedAnswer: verifiedBytes.get(contender.name) ?? NaN,
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
  cycle: readonly Question[],
  load: Load,
  { scratch }: Field,
  { usesWrk }: Options,
): Promise<Measurement> => (usesWrk ? wrk(cycle, load, scratch) : closedLoop(cycle, load));

async function meanBytes(cycle: readonly Question[], form: Form, url: string): Promise<number> {
  const connection = await Connection.open(new URL(url));
  const next = createRequests(new URL(url), cycle, form, takeNumbers(QUESTIONS));
  let bytes = 0;
  for (let i = 0; i < QUESTIONS; i++) bytes += (await connection.ask(next())).bytes;
  connection.close();
  return bytes / QUESTIONS;
}
