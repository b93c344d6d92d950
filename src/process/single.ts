import { deprecationWarnings } from '../config/readConfig.js';
import type { Config } from '../config/variables.js';
import { startGateway } from '../gateway/gateway.js';
import { startSandbox } from '../sandbox/sandbox.js';
import { createLogger, logOf } from '../telemetry/log/logger.js';
import { loadTracing } from '../telemetry/tracing/loadTracing.js';
import { announce } from './banner.js';
import { gatewayOptions, sessionSettings } from './gatewayOptions.js';
import { connectSharedRedis } from './sharedRedis.js';
import { exitOnUncaughtException, drainOnSignals } from './lifecycle.js';

/** Serves HTTP and calls Linode, both in this process. */
export async function runAlone(config: Config): Promise<void> {
  const { upstream, shutdown } = config;
  const logger = await createLogger(config.telemetry);
  const onStarted = drainOnSignals(logger);
  exitOnUncaughtException(logger);
  for (const warning of deprecationWarnings()) logger.warn(warning);
  const tracing = await loadTracing(config.telemetry);
  const sandbox = upstream.linodeApiUrl
    ? null
    : await startSandbox({ port: upstream.sandboxPort, api: upstream.sandboxApi, log: false });
  const sessions = sessionSettings(config, sandbox?.url ?? null);
  const gateway = await startGateway({
    ...gatewayOptions(config, sandbox !== null, tracing),
    ...(sessions && { sessions }),
    linodeApiUrl: upstream.linodeApiUrl ?? new URL(sandbox?.url ?? ''),
    redis: await connectSharedRedis(config),
    log: logOf(logger),
  });
  onStarted({
    ...shutdown,
    unready: gateway.unready,
    async close() {
      await gateway.close();
      await sandbox?.close();
      await tracing?.close();
    },
  });
  announce(config, logger, gateway.url, sandbox?.url ?? null, gateway.adminUrl);
}
