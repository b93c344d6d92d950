import type { Server } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startSandbox } from '../../src/sandbox/sandbox.js';
import { catalogsSettings, protectionOf } from '../../src/process/gatewayOptions.js';
import { startGateway } from '../../src/gateway/gateway.js';
import { systemClock } from '../../src/clock.js';
import { readConfig } from '../../src/config/readConfig.js';
import type { Protection } from '../../src/http/protection.js';

/** Run as a process of its own, so that what is measured is the gateway's alone. See `gatewayProcess.ts`. */

/** How long the event loop was blocked at longest since the last measurement, in ms; CPU time since then in ms; memory in bytes. */
export interface Measured {
  longestBlockMs: number;
  rssBytes: number;
  cpuMs: number;
  bugs: number;
  /** Open connections of clients. */
  connections: number;
}

export interface ChildOptions {
  /** In the account of the token `many`. */
  images?: number;
  /** Another upstream than the sandbox. */
  linodeApiUrl?: string;
  protection?: Partial<Protection>;
}

const TICK_MS = 1;
const ignore = (): void => undefined;

async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as ChildOptions;
  const sandbox = await startSandbox({ rateLimits: false, log: false });
  if (options.images) {
    sandbox.addAccount({
      tokens: [{ token: 'many', username: 'many', scopes: '*' }],
      images: options.images,
    });
  }
  const config = readConfig({});
  let bugs = 0;
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    linodeApiUrl: new URL(options.linodeApiUrl ?? sandbox.url),
    schemaDirectory: 'schema',
    introspection: true,
    explain: true,
    settings: catalogsSettings(config),
    protection: { ...protectionOf(config), ...options.protection },
    clock: systemClock,
    awaitsUpstream: false,
    log: {
      operation: ignore,
      prepareReplay: () => ignore,
      upstreamCall: ignore,
      upstreamProblem: ignore,
      sessionProblem: ignore,
      request: ignore,
      internalError: () => void bugs++,
    },
  });
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  delay.enable();
  let since = process.cpuUsage();
  process.on('message', async () => {
    const { user, system } = process.cpuUsage(since);
    globalThis.gc?.();
    const measured: Measured = {
      longestBlockMs: Math.max(0, delay.max / 1e6 - TICK_MS),
      rssBytes: process.memoryUsage.rss(),
      cpuMs: (user + system) / 1000,
      bugs,
      connections: await countConnections(gateway.server),
    };
    // The collection of garbage right above blocked it too, which only shows at the next tick.
    setTimeout(() => {
      delay.reset();
      since = process.cpuUsage();
      process.send?.(measured);
    }, 200);
  });
  process.send?.({ url: gateway.url });
}

const countConnections = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.getConnections((_, count) => {
      resolve(count);
    });
  });

void main();
