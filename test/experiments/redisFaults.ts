import { spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startGatewayProcess } from '../../scripts/gatewayProcess.mjs';
import { launchRedis, type TestRedis } from '../support/redisServer.js';

/** `npm run redis-faults`: three gateways under load while their Redis fails. Prints the figures of docs/operations.md. */

/** The line of a list call in the sandbox's log. */
const LIST_LINE = /^GET \/images\?/;
const CLIENTS = 6;
const PROCESSES = 3;
const WRITE_EVERY_MS = 1500;
const PAUSE_MS = 30;

interface Answer {
  data?: { image: { label: string } | null };
  errors?: { extensions: { code: string } }[];
  extensions?: { stale?: unknown };
}

interface BuiltProcess {
  url: string;
  child: ChildProcess;
}

async function askAt<B>(url: string, query: string, headers: Record<string, string>): Promise<B> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as B;
}

interface Figures {
  operations: number;
  writes: number;
  errors: Map<string, number>;
  stale: number;
  /** Reads that began after their own write had returned, and saw what was before it: while Redis was there, or not. */
  outdated: { connected: number; away: number };
  slowestMs: number;
}

const begin = (): Figures => ({
  operations: 0,
  writes: 0,
  errors: new Map(),
  stale: 0,
  outdated: { connected: 0, away: 0 },
  slowestMs: 0,
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const isConnected = async ({ url }: BuiltProcess): Promise<boolean> => {
  const ready = await fetch(new URL('/health/ready', url));
  return ((await ready.json()) as { redis?: string }).redis === 'connected';
};

async function recover(processes: readonly BuiltProcess[]): Promise<number> {
  const startedAt = performance.now();
  while (!(await Promise.all(processes.map(isConnected))).every(Boolean)) {
    if (performance.now() - startedAt > 30_000) return Infinity;
    await sleep(10);
  }
  return performance.now() - startedAt;
}

/** A client writes its image through one process, and reads it through the others. */
async function load(state: {
  processes: readonly BuiltProcess[];
  token: string;
  id: string;
  figures: Figures;
  isOver: () => boolean;
  isAway: () => boolean;
}): Promise<void> {
  const { processes, token, id, figures } = state;
  let [label, writtenAt, turn] = ['', 0, 0];
  const send = async (query: string): Promise<Answer> => {
    const startedAt = performance.now();
    const { url } = processes[turn++ % processes.length] as BuiltProcess;
    const answer = await askAt<Answer>(url, query, { authorization: `Bearer ${token}` });
    figures.operations++;
    figures.slowestMs = Math.max(figures.slowestMs, performance.now() - startedAt);
    for (const { extensions } of answer.errors ?? []) {
      figures.errors.set(extensions.code, (figures.errors.get(extensions.code) ?? 0) + 1);
    }
    if (answer.extensions?.stale) figures.stale++;
    return answer;
  };
  while (!state.isOver()) {
    if (performance.now() - writtenAt > WRITE_EVERY_MS) {
      const next = `label-${figures.writes++}`;
      const { errors } = await send(
        `mutation { updateImage(input: { id: "${id}", label: "${next}" }) { image { id } } }`,
      );
      label = errors ? '' : next;
      writtenAt = performance.now();
    }
    const wasAway = state.isAway();
    const { data, extensions } = await send(`{ image(id: "${id}") { label } }`);
    if (label !== '' && data?.image && data.image.label !== label && !extensions?.stale) {
      figures.outdated[wasAway || state.isAway() ? 'away' : 'connected']++;
    }
    await sleep(PAUSE_MS);
  }
}

interface Fault {
  name: string;
  /** Whether Redis cannot be used while it runs. */
  isOutage?: boolean;
  run: (redis: TestRedis) => Promise<void>;
}

const FAULTS: readonly Fault[] = [
  { name: 'none', run: () => sleep(4000) },
  {
    name: 'kill -9, back after 2 s',
    isOutage: true,
    run: async (redis) => {
      await redis.kill();
      await sleep(2000);
      await redis.start();
    },
  },
  {
    name: 'SIGSTOP for 5 s',
    isOutage: true,
    run: async (redis) => {
      redis.pause();
      await sleep(5000);
      redis.resume();
    },
  },
  {
    name: 'FLUSHALL',
    run: async (redis) => {
      cli(redis, 'FLUSHALL');
      await sleep(1000);
    },
  },
  {
    name: 'maxmemory, everything evicted for 2 s',
    isOutage: true,
    run: async (redis) => {
      cli(redis, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random');
      cli(redis, 'CONFIG', 'SET', 'maxmemory', '1kb');
      await sleep(2000);
      cli(redis, 'CONFIG', 'SET', 'maxmemory', '0');
    },
  },
  {
    name: 'garbage in all values',
    run: async (redis) => {
      const bytes = randomBytes(32).toString('hex');
      cli(
        redis,
        'EVAL',
        `for _, key in ipairs(redis.call('KEYS', '*')) do redis.call('SET', key, '${bytes}') end`,
        '0',
      );
      await sleep(1000);
    },
  },
];

/** What an operator does with redis-cli. */
function cli({ url }: TestRedis, ...args: string[]): void {
  const { stdout, error } = spawnSync('redis-cli', ['-u', url, ...args], { encoding: 'utf8' });
  if (error || /^(ERR|\(error\))/.test(stdout))
    console.log(`  redis-cli: ${error?.message ?? stdout.trim()}`);
}

const start = (linode: Sandbox, redis: TestRedis): Promise<BuiltProcess> =>
  startGatewayProcess({ LINODE_API_URL: linode.url, REDIS_URL: redis.url });

async function main(): Promise<void> {
  const linode = await startSandbox();
  const redis = await launchRedis();
  const processes = await Promise.all(Array.from({ length: PROCESSES }, () => start(linode, redis)));
  const clients = Array.from({ length: CLIENTS }, (_, i) => {
    const token = `client-${i}`;
    linode.addAccount({ tokens: [{ token, username: token, scopes: '*' }], images: 5 });
    const id = linode.images(token).find(({ is_public }) => !is_public)?.id ?? '';
    return { token, id };
  });
  await recover(processes);
  for (const { name, run, isOutage = false } of FAULTS) {
    const figures = begin();
    linode.clearRequests();
    let [isOver, isAway, isFailing] = [false, false, false];
    const watch = (async () => {
      while (!isOver) {
        isAway = !(await Promise.all(processes.map(isConnected))).every(Boolean);
        await sleep(5);
      }
    })();
    const clientsDone = clients.map((client) =>
      load({ ...client, processes, figures, isOver: () => isOver, isAway: () => isAway || isFailing }),
    );
    await sleep(2000);
    isFailing = isOutage;
    await run(redis);
    const recoveryMs = await recover(processes);
    isFailing = false;
    await sleep(2000);
    isOver = true;
    await Promise.all([watch, ...clientsDone]);
    print(name, figures, recoveryMs, linode.count(LIST_LINE), linode.count(/^PUT /));
  }
  await killHolder(linode, processes);
  for (const { child } of processes) child.kill('SIGKILL');
  await redis.kill();
  await linode.close();
  process.exit(0);
}

function print(name: string, figures: Figures, recoveryMs: number, lists: number, puts: number): void {
  const { operations, writes, errors, stale, outdated, slowestMs } = figures;
  const failures = [...errors].map(([code, count]) => `${count} ${code}`).join(', ') || '0 errors';
  console.log(
    `${name}: ${operations} operations, ${failures}, ${stale} stale; own writes not seen: ${outdated.connected} connected, ${outdated.away} away; ${writes} writes, ${puts} at Linode; ${lists} lists; slowest ${Math.round(slowestMs)} ms; all connected again after ${Math.round(recoveryMs)} ms`,
  );
}

/** Kills the process whose list is in flight, and measures how long another one waits. */
async function killHolder(linode: Sandbox, processes: readonly BuiltProcess[]): Promise<void> {
  const token = 'alice-full';
  const authorization = { authorization: `Bearer ${token}` };
  linode.clearRequests();
  const clear = linode.fault({ path: '/images', token, times: 1, latencyMs: 8000 });
  const [holder, other] = processes as [BuiltProcess, BuiltProcess];
  askAt(holder.url, '{ images { totalCount } }', authorization).catch(() => undefined);
  while (linode.count(LIST_LINE) < 1) await sleep(5);
  const startedAt = performance.now();
  const waiting = askAt<Answer>(other.url, '{ images { totalCount } }', authorization);
  await sleep(200);
  holder.child.kill('SIGKILL');
  const { errors } = await waiting;
  const waitedMs = Math.round(performance.now() - startedAt);
  console.log(
    `kill -9 of a gateway that holds the lock: the other one waited ${waitedMs} ms, ${errors ? JSON.stringify(errors) : '0 errors'}, ${linode.count(LIST_LINE)} lists`,
  );
  clear();
}

void main();
