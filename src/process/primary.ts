import { createServer, type AddressInfo } from 'node:net';
import { announce } from './banner.js';
import { Hub } from '../cluster/hub.js';
import { forkWorker } from '../cluster/nodeCluster.js';
import { Supervisor } from '../cluster/supervisor.js';
import { systemClock } from '../clock.js';
import { deprecationWarnings } from '../config/readConfig.js';
import type { Config } from '../config/variables.js';
import { createObservedUpstream } from '../gateway/observedUpstream.js';
import { createRegistry } from '../telemetry/metrics/registry.js';
import { RequestLimiter } from '../http/admission/requestLimiter.js';
import { exitOnUncaughtException, drainOnSignals } from './lifecycle.js';
import { loadTracing } from '../telemetry/tracing/loadTracing.js';
import { logDestination, loggerTo, logOf } from '../telemetry/log/logger.js';
import { startSandbox } from '../sandbox/sandbox.js';
import { catalogsSettings, proxyOf } from './gatewayOptions.js';

/** Keeps the process alive while there is no worker. */
const FOREVER_MS = 2 ** 30;

/** Calls Linode for its workers, and holds what they share: catalogs, budgets, rate limits, metrics. */
export async function runPrimary(config: Config): Promise<void> {
  const destination = await logDestination();
  const logger = loggerTo(destination, config.telemetry);
  const onStarted = drainOnSignals(logger);
  exitOnUncaughtException(logger);
  for (const warning of deprecationWarnings()) logger.warn(warning);
  setInterval(() => undefined, FOREVER_MS);
  const port = await freePort(config.server);
  const tracing = await loadTracing(config.telemetry);
  const sandbox = config.upstream.linodeApiUrl
    ? null
    : await startSandbox({
        port: config.upstream.sandboxPort,
        api: config.upstream.sandboxApi,
        log: false,
      });
  const linodeApiUrl = config.upstream.linodeApiUrl ?? new URL(sandbox?.url ?? '');
  const { rateLimitPerMinute } = config.protection;
  const limiter = rateLimitPerMinute > 0 ? new RequestLimiter(rateLimitPerMinute, systemClock) : undefined;
  const registry = createRegistry(true);
  const log = logOf(logger);
  const upstream = createObservedUpstream(
    {
      linodeApiUrl,
      proxy: proxyOf(config),
      settings: catalogsSettings(config),
      clock: systemClock,
      onTokenVerdict: limiter?.noteVerdict,
    },
    { registry, log, tracer: tracing?.tracer },
  );
  const hub = new Hub({
    catalogs: upstream.catalogs,
    clock: systemClock,
    consume: async (request) => limiter?.consume(request) ?? 0,
    metrics: () => registry.getMetricsAsJSON(),
  });
  let hasUpstreamAnswered = false;
  const stopProbe = upstream.probe(() => {
    hasUpstreamAnswered = true;
    hub.broadcast({ type: 'upstreamAnswered' });
  }, log.upstreamProblem);
  const supervisor = new Supervisor({
    count: config.server.workers,
    hub,
    clock: systemClock,
    fork: () =>
      forkWorker({
        out: (lines) => {
          destination.write(lines);
        },
        err: (lines) => {
          process.stderr.write(lines);
        },
      }),
    welcome: () => ({
      type: 'welcome',
      linodeApiUrl: linodeApiUrl.href,
      port,
      isSandbox: sandbox !== null,
      hasUpstreamAnswered,
    }),
    onDeath: (death) => {
      logger.error(death, 'worker exited, restarting');
    },
  });
  // A worker whose event loop stands still would outlive this process.
  process.on('exit', () => {
    supervisor.kill();
  });
  const url = await supervisor.start();
  onStarted({
    ...config.shutdown,
    unready: () => {
      supervisor.unready();
    },
    async close() {
      await supervisor.close();
      stopProbe();
      await upstream.close();
      await sandbox?.close();
      await tracing?.close();
    },
  });
  announce(config, logger, url, sandbox?.url ?? null, null);
}

/** The port that workers will share. Rejects when it is in use. */
function freePort({ port, host }: Config['server']): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => {
      const { port: found } = server.address() as AddressInfo;
      server.close(() => {
        resolve(found);
      });
    });
  });
}
