import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RateBudget } from '../../src/linode/client/rateBudget.js';
import type { SharedBudget } from '../../src/linode/client/sharedBudget.js';
import { Peers } from '../../src/peers/peers.js';
import { atDepth } from '../support/depth.js';
import { manualClock } from '../support/manualClock.js';
import { ModelNetwork, ModelRedis } from './modelNetwork.js';

const PROCESSES = 3;
/** What the gateway allows itself, and what Linode allows. */
const [OURS, LINODES] = [15, 20];
const MINUTE_MS = 60_000;

interface Command {
  kind: 'list' | 'cut' | 'heal' | 'flush' | 'wait';
  process: number;
  ms: number;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const commandsOf = (kinds: readonly Command['kind'][]) =>
  fc.array(
    fc.record<Command>({
      kind: fc.constantFrom(...kinds),
      process: fc.nat(PROCESSES - 1),
      ms: fc.oneof(fc.nat(100), fc.nat(20_000)),
    }),
    { minLength: 60, maxLength: 150 },
  );

/** The most calls in any minute, and how many were made alone. */
async function run(commands: readonly Command[], isReliable: boolean) {
  const clock = manualClock(1_000_000);
  const redis = new ModelRedis(clock);
  let seed = 1;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const network = new ModelNetwork(redis, clock, random);
  network.isReliable = isReliable;
  const processes = Array.from({ length: PROCESSES }, (_, i) => {
    const member = `p${i}`;
    const peers: Peers = new Peers(member, clock, network.transportOf(member, clock), {
      apply: () => undefined,
      applyUnknown: () => undefined,
      restore: () => budget.restore(),
    });
    const shared: SharedBudget = {
      get processes() {
        return peers.known;
      },
      get aloneSince() {
        return peers.aloneSince;
      },
      async reserve(request) {
        const { incarnation, known } = peers;
        const reserving = network.request(member, clock, () => redis.reserve(incarnation, known, request));
        const waitMs = await reserving.catch(() => -1);
        if (waitMs >= 0) return waitMs;
        peers.reconnect();
        return undefined;
      },
      release: () => undefined,
      pause: () => undefined,
      restore: (calls) =>
        network.request(member, clock, () => {
          redis.restore(calls);
        }),
    };
    const budget: RateBudget = new RateBudget(clock, shared);
    redis.receivers.set(member, peers);
    return { peers, budget };
  });
  const made: number[] = [];
  let alone = 0;
  const list = async (index: number): Promise<void> => {
    const { budget, peers } = processes[index] as (typeof processes)[number];
    const { waitMs } = await budget.reserveInAll('list');
    if (waitMs > 0) return;
    made.push(clock.now());
    if (peers.aloneSince !== undefined) alone++;
  };
  const advance = async (ms: number): Promise<void> => {
    const step = ms > 500 ? 50 : 10;
    for (let left = ms; left > 0; left -= step) {
      clock.advance(Math.min(step, left));
      await settle();
    }
  };

  for (const { peers } of processes) void peers.start();
  await advance(2000);
  const pending: Promise<void>[] = [];
  for (const { kind, process, ms } of commands) {
    // Greedy: as many as are allowed.
    if (kind === 'list') for (let i = 0; i < 4; i++) pending.push(list(process));
    else if (kind === 'cut') network.cut.add(`p${process}`);
    else if (kind === 'heal') network.cut.delete(`p${process}`);
    else if (kind === 'flush') redis.flush();
    else await advance(ms);
    await advance(10);
  }
  await advance(200);
  await Promise.all(pending);
  for (const { peers } of processes) await peers.close();
  const most = Math.max(0, ...made.map((at) => made.filter((x) => x <= at && x > at - MINUTE_MS).length));
  return { most, alone, made: made.length };
}

it('uses no more than one budget through several processes', async () => {
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(commandsOf(['list', 'list', 'wait']), async (commands) => {
      const { most } = await run(commands, true);
      expect(most).toBeLessThanOrEqual(OURS);
      reached = Math.max(reached, most);
    }),
    { numRuns: atDepth(15, 60), endOnFailure: true },
  );
  expect(reached).toBeGreaterThanOrEqual(OURS - 1);
}, 120_000);

/** Runs histories with outages; at least some of their calls are made alone. */
async function outages(kinds: readonly Command['kind'][], max: number): Promise<void> {
  let [alone, reached] = [0, 0];
  await fc.assert(
    fc.asyncProperty(commandsOf(kinds), async (commands) => {
      const facts = await run(commands, false);
      expect(facts.most).toBeLessThanOrEqual(max);
      alone += facts.alone;
      reached = Math.max(reached, facts.most);
    }),
    { numRuns: atDepth(15, 100), endOnFailure: true },
  );
  expect(alone).toBeGreaterThan(0);
  expect(reached).toBeGreaterThanOrEqual(OURS);
}

it("never exceeds Linode's limit while Redis comes and goes", async () => {
  await outages(['list', 'list', 'list', 'cut', 'heal', 'wait'], LINODES);
}, 120_000);

// Its calls of the last minute are counted by each process once it is back: until then some are missing.
it("exceeds Linode's limit by little while Redis also loses everything again and again", async () => {
  await outages(['list', 'list', 'list', 'cut', 'heal', 'flush', 'wait'], LINODES + PROCESSES * 2);
}, 120_000);
