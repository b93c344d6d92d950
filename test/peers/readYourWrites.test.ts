import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Clock } from '../../src/clock.js';
import { Peers } from '../../src/peers/peers.js';
import { atDepth } from '../support/depth.js';
import { manualClock } from '../support/manualClock.js';
import { ModelNetwork, ModelRedis } from './modelNetwork.js';

const PROCESSES = 3;

/** A process that caches the truth, as a catalog does. */
interface ModelProcess {
  peers: Peers;
  isStalled: boolean;
  /** What waits until it goes on. */
  held: (() => void)[];
  copies: (number | undefined)[];
  invalidations: number;
}

/** What is read and written: a change of one leaves copies of the other. */
const OBJECTS = 2;

interface Command {
  kind: 'read' | 'write' | 'cut' | 'heal' | 'stall' | 'resume' | 'flush' | 'wait';
  process: number;
  object: number;
  ms: number;
}

const commands = fc.array(
  fc.record<Command>({
    kind: fc.constantFrom(
      ...([
        'read',
        'read',
        'read',
        'write',
        'write',
        'cut',
        'heal',
        'heal',
        'stall',
        'resume',
        'resume',
      ] as const),
      ...(['flush', 'wait', 'wait'] as const),
    ),
    process: fc.nat(PROCESSES - 1),
    object: fc.nat(OBJECTS - 1),
    ms: fc.oneof(fc.nat(20), fc.nat(1500)),
  }),
  { minLength: 20, maxLength: 80 },
);

/** Deterministic numbers in [0, 1). */
const randomFrom = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
  return seed / 2 ** 32;
};

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs the commands; every read is checked when it ends. */
async function run(list: readonly Command[], seed: number) {
  const clock = manualClock(1_000_000);
  const random = randomFrom(seed);
  const redis = new ModelRedis(clock);
  const network = new ModelNetwork(redis, clock, random);
  const truth = Array.from({ length: OBJECTS }, () => 0);
  /** The last write of each whose response has left, and that Redis took. */
  const acknowledged = [...truth];
  const facts = { reads: 0, fromMemory: 0, writes: 0, acknowledged: 0, aloneReads: 0 };

  const processes = Array.from({ length: PROCESSES }, (_, i): ModelProcess => {
    const member = `p${i}`;
    const own: Clock = {
      now: clock.now,
      after: (ms, callback) =>
        clock.after(ms, () => {
          if (process.isStalled) process.held.push(callback);
          else callback();
        }),
    };
    const invalidate = (object?: number): void => {
      if (object === undefined) process.copies = [];
      else process.copies[object] = undefined;
      process.invalidations++;
    };
    const peers = new Peers(member, own, network.transportOf(member, own), {
      apply: (change) => {
        invalidate(Number(change));
      },
      applyUnknown: invalidate,
      restore: () => Promise.resolve(),
    });
    const process: ModelProcess = { peers, isStalled: false, held: [], copies: [], invalidations: 0 };
    redis.receivers.set(member, {
      onEntry: (entry) => {
        if (process.isStalled) process.held.push(() => peers.onEntry(entry));
        else peers.onEntry(entry);
      },
      onAcknowledged: (other, seq) => {
        peers.onAcknowledged(other, seq);
      },
    });
    void peers.start();
    return process;
  });

  const sleep = (process: ModelProcess, ms: number): Promise<void> =>
    new Promise((resolve) => {
      clock.after(ms, () => {
        if (process.isStalled) process.held.push(resolve);
        else resolve();
      });
    });

  async function read(process: ModelProcess, object: number): Promise<void> {
    const least = acknowledged[object];
    await process.peers.ready();
    noteAlone();
    const isAlone = process.peers.aloneSince !== undefined;
    facts.reads++;
    let value = process.copies[object];
    if (value === undefined) {
      const began = process.invalidations;
      await sleep(process, random() * 10);
      value = truth[object] ?? 0;
      await sleep(process, random() * 10);
      if (process.invalidations === began) process.copies[object] = value;
    } else facts.fromMemory++;
    if (isAlone) facts.aloneReads++;
    expect(value).toBeGreaterThanOrEqual((isAlone ? leastAlone.get(process)?.[object] : least) ?? 0);
  }

  async function write(process: ModelProcess, object: number): Promise<void> {
    await sleep(process, random() * 10);
    const written = (truth[object] ?? 0) + 1;
    truth[object] = written;
    facts.writes++;
    await sleep(process, random() * 10);
    process.copies[object] = undefined;
    process.invalidations++;
    const change = String(object);
    if (await process.peers.announce({ change, late: change, forget: [] })) {
      acknowledged[object] = Math.max(acknowledged[object] ?? 0, written);
      facts.acknowledged++;
    }
  }

  /** A process that is alone has fetched everything since it is. */
  const leastAlone = new Map<ModelProcess, number[]>();
  const noteAlone = (): void => {
    for (const process of processes) {
      if (process.peers.aloneSince === undefined) leastAlone.delete(process);
      else if (!leastAlone.has(process)) leastAlone.set(process, [...acknowledged]);
    }
  };

  async function advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 2) {
      noteAlone();
      clock.advance(Math.min(2, left));
      await settle();
    }
  }

  const pending: Promise<void>[] = [];
  await advance(100);
  for (const { kind, process: index, object, ms } of list) {
    const process = processes[index] as ModelProcess;
    if (kind === 'read' && !process.isStalled) pending.push(read(process, object));
    else if (kind === 'write' && !process.isStalled) pending.push(write(process, object));
    else if (kind === 'cut') network.cut.add(`p${index}`);
    else if (kind === 'heal') network.cut.delete(`p${index}`);
    else if (kind === 'stall') process.isStalled = true;
    else if (kind === 'resume') resume(process);
    else if (kind === 'flush') redis.flush();
    else await advance(ms);
    await advance(2);
  }
  network.cut.clear();
  network.isReliable = true;
  processes.forEach(resume);
  await advance(4000);
  const late = processes.flatMap((process) => truth.map((_, object) => read(process, object)));
  await advance(200);
  await Promise.all([...pending, ...late]);
  // In the end all are connected, and know all that was written.
  expect(processes.map(({ peers }) => peers.aloneSince)).toEqual(processes.map(() => undefined));
  expect(processes.map(({ copies }) => copies)).toEqual(processes.map(() => truth));
  for (const { peers } of processes) await peers.close();
  return facts;
}

function resume(process: ModelProcess): void {
  process.isStalled = false;
  for (const callback of process.held.splice(0)) callback();
}

it('lets no read that begins after a write has returned see what was before it', async () => {
  const total = { reads: 0, fromMemory: 0, writes: 0, acknowledged: 0, aloneReads: 0 };
  await fc.assert(
    fc.asyncProperty(commands, fc.nat(), async (list, seed) => {
      const facts = await run(list, seed);
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += facts[key];
    }),
    { endOnFailure: true, numRuns: atDepth(100, 600) },
  );
  // The runs reached what they are about.
  for (const count of Object.values(total)) expect(count).toBeGreaterThan(5);
}, 120_000);
