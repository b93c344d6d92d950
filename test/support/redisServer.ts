import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { systemClock } from '../../src/clock.js';
import { connectRedis } from '../../src/redis/connect.js';
import type { Redis } from '../../src/redis/redis.js';
import { until } from './until.js';

/** Debian's Redis, or the program that REDIS_SERVER names. */
export const PROGRAM = process.env['REDIS_SERVER'] ?? 'redis-server';

/** A Redis that was started, on a port of its own, without a file. */
export interface TestRedis {
  url: string;
  /** Stops it for good, or until `start`, as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
  /** Stands still until `resume`. */
  pause(): void;
  resume(): void;
  /** @param timeoutMs of a command; default 50, which a busy machine exceeds without an outage */
  connect(timeoutMs?: number): Promise<Redis>;
}

const running = new Set<ChildProcess>();
const connected = new Set<Redis>();

/** It ends with this process, or by `kill`. */
export async function launchRedis(args: readonly string[] = []): Promise<TestRedis> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const redis: TestRedis = {
    url,
    async start() {
      child = spawn(
        PROGRAM,
        ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...args],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      running.add(child);
      let output = '';
      child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
      await until(() => output.includes('Ready to accept connections'), 'Redis to start');
    },
    kill: () => kill(child),
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async connect(timeoutMs = 50) {
      const client = await connectRedis({ url, clock: systemClock, timeoutMs });
      connected.add(client);
      return client;
    },
  };
  await redis.start();
  return redis;
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (!child || !running.delete(child)) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Ends all that were started, and the connections to them. */
export async function endRedis(): Promise<void> {
  for (const client of connected) await client.close();
  connected.clear();
  await Promise.all([...running].map(kill));
}

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
