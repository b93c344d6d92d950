import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerCommand {
  command: readonly string[];
  env: Record<string, string>;
  /** Whether it talks to this process over a channel. */
  hasChannel?: boolean;
}

/** A server in a process of its own. */
export interface Server {
  port: number;
  child: ChildProcess;
  /** Resident memory in MB; NaN where `ps` cannot report it. */
  residentMegabytes(): number;
  /** Sends SIGTERM and waits for the exit; SIGKILL after five seconds. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5000;

/** Starts a server on a free port and waits until it listens. Its output goes nowhere, its errors to ours. */
export async function startServer({ command, env, hasChannel = false }: ServerCommand): Promise<Server> {
  const port = await freePort();
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: hasChannel ? ['ignore', 'ignore', 'inherit', 'ipc'] : ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    await untilListening(port, child);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    port,
    child,
    residentMegabytes: () => residentMegabytes(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_TIMEOUT_MS;
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`A server ended at its start: ${child.spawnargs.join(' ')}`);
    if (Date.now() > until) throw new Error(`A server does not listen: ${child.spawnargs.join(' ')}`);
    await sleep(20);
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}

function residentMegabytes(pid: number | undefined): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number.parseInt(stdout, 10) / 1024;
}
