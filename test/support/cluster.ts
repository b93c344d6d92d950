import { afterEach, beforeEach, jest } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { manualClock, type ManualClock } from './manualClock.js';
import { deserialize, serialize } from 'node:v8';
import { Catalogs } from '../../src/catalog/catalogs.js';
import type { Clock } from '../../src/clock.js';
import type { Channel } from '../../src/cluster/channel.js';
import { Hub, type HubOptions } from '../../src/cluster/hub.js';
import type { ToPrimary, ToWorker } from '../../src/cluster/messages.js';
import { createWorkerLink, type WorkerLink } from '../../src/cluster/workerLink.js';
import { CircuitBreaker } from '../../src/linode/client/circuitBreaker.js';
import { RateBudgets } from '../../src/linode/client/rateBudgets.js';
import { RetryBudget } from '../../src/linode/client/retry.js';
import { createTransport } from '../../src/linode/client/transport.js';
import type { Transport } from '../../src/linode/client/wire.js';

export const SETTINGS = {
  maxAgeMs: 5000,
  anonymousMaxAgeMs: 60_000,
  staleIfErrorMs: 600_000,
  requestTimeoutMs: 10_000,
  maxCallers: 100,
  maxBytes: 1e9,
};

export interface TestWorker extends WorkerLink {
  leave: () => void;
  /** How often the primary ended it; it leaves then. */
  kills: number;
  /** From now on nothing that it sends arrives. */
  mute: () => void;
}

export interface TestClusterParts {
  consume?: HubOptions['consume'];
  /** In place of the one to the URL. */
  transport?: Transport;
  /** The hub's, which ends workers that do not respond; default: the shared one. */
  hubClock?: Clock;
  /** Delivers a message; default: at the next turn of the event loop. */
  deliver?: (deliver: () => void) => void;
}

/** A primary and workers in one process, whose messages are copied as between two. */
export interface TestCluster {
  workers: TestWorker[];
  close(): Promise<void>;
}

export function startTestCluster(
  url: string,
  clock: ManualClock,
  count: number,
  parts: TestClusterParts = {},
): TestCluster {
  const { consume = () => Promise.resolve(0), deliver = setImmediate } = parts;
  const transport =
    parts.transport ??
    createTransport({
      baseUrl: new URL(url),
      clock,
      connectTimeoutMs: 3000,
      maxResponseBytes: 1_000_000,
      connections: 8,
    });
  const catalogs = new Catalogs(
    {
      transport,
      circuitBreaker: new CircuitBreaker(clock),
      rateBudgets: new RateBudgets(clock),
      retryBudget: new RetryBudget(clock),
      clock,
      random: () => 0.5,
      userAgent: 'test',
    },
    SETTINGS,
  );
  const hub = new Hub({
    catalogs,
    clock: parts.hubClock ?? clock,
    consume,
    metrics: () => Promise.resolve([]),
  });
  const workers = Array.from({ length: count }, () => {
    const [upper, lower] = channelPair(deliver);
    let isMute = false;
    const leave = hub.join({
      channel: upper,
      kill: () => {
        worker.kills++;
        leave();
      },
    });
    const channel: Channel<ToPrimary, ToWorker> = {
      ...lower,
      send: (message) => {
        if (!isMute) lower.send(message);
      },
    };
    const worker: TestWorker = {
      ...createWorkerLink({ channel, clock, settings: SETTINGS }),
      leave,
      kills: 0,
      mute: () => (isMute = true),
    };
    return worker;
  });
  return {
    workers,
    async close() {
      for (const { leave } of workers) leave();
      catalogs.close();
      await transport.close();
    },
  };
}

function channelPair(
  deliver: (deliver: () => void) => void,
): [Channel<ToWorker, ToPrimary>, Channel<ToPrimary, ToWorker>] {
  const [up, down] = [lane<ToPrimary>(deliver), lane<ToWorker>(deliver)];
  return [
    { send: down.send, onMessage: up.onMessage },
    { send: up.send, onMessage: down.onMessage },
  ];
}

/** One direction: copies arrive in their order, whichever delivery comes first. */
function lane<T>(deliver: (deliver: () => void) => void) {
  const sent: T[] = [];
  let listener: (message: T) => void = () => undefined;
  return {
    send: (message: T): void => {
      sent.push(deserialize(serialize(message)) as T);
      deliver(() => {
        const next = sent.shift();
        if (next) listener(next);
      });
    },
    onMessage: (listen: (message: T) => void): void => {
      listener = listen;
    },
  };
}

export interface ClusterStack {
  clock: ManualClock;
  linode: Sandbox;
  cluster: TestCluster;
}

/** Two workers in front of a sandbox on one clock, started before each test of the calling file. */
export function clusterStack(): ClusterStack {
  const stack = {} as ClusterStack;
  beforeEach(async () => {
    stack.clock = manualClock();
    jest.spyOn(Date, 'now').mockImplementation(stack.clock.now);
    stack.linode = await startSandbox({ now: stack.clock.now });
    stack.cluster = startTestCluster(stack.linode.url, stack.clock, 2);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await stack.cluster.close();
    await stack.linode.close();
  });
  return stack;
}
