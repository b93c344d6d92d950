import { beat } from '../cluster/heartbeat.js';
import { createWorkerLink } from '../cluster/workerLink.js';
import { channelToPrimary } from '../cluster/nodeCluster.js';
import type { ToWorker } from '../cluster/messages.js';
import { systemClock } from '../clock.js';
import { readConfig } from '../config/readConfig.js';
import { problemsOf } from '../config/startupProblems.js';
import { startGateway } from '../gateway/gateway.js';
import type { Gateway } from '../gateway/options.js';
import { exitOnUncaughtException } from './lifecycle.js';
import { loadTracing } from '../telemetry/tracing/loadTracing.js';
import { createLogger, logOf } from '../telemetry/log/logger.js';
import { catalogsSettings, gatewayOptions } from './gatewayOptions.js';

type Welcome = Extract<ToWorker, { type: 'welcome' }>;

/** Serves HTTP, and reads from the primary instead of Linode. The primary decides when it drains; without a primary it exits. */
export async function runWorker(): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit(0));
  const channel = channelToPrimary();
  const fail = (lines: readonly string[]): void => {
    channel.send({ type: 'failed', lines }, () => process.exit(1));
  };
  // During startup the primary prints the problem, once for all workers.
  const onCrash = (error: Error): void => {
    fail([error.stack ?? error.message]);
  };
  process.on('uncaughtException', onCrash);
  try {
    const config = readConfig();
    const logger = await createLogger(config.telemetry);
    const tracing = await loadTracing(config.telemetry);
    let gateway: Gateway | null = null;
    let hasAnswered = false;
    let onWelcome: (welcome: Welcome) => void = () => undefined;
    const welcomed = new Promise<Welcome>((resolve) => {
      onWelcome = resolve;
    });
    const end = async (): Promise<void> => {
      await gateway?.close();
      await tracing?.close();
      process.exit(0);
    };
    const { catalogs, asker } = createWorkerLink({
      channel,
      clock: systemClock,
      settings: catalogsSettings(config),
      onMessage(message) {
        if (message.type === 'welcome') onWelcome(message);
        else if (message.type === 'upstreamAnswered') {
          hasAnswered = true;
          gateway?.upstreamAnswered();
        } else if (message.type === 'collect') {
          void (gateway?.metrics() ?? Promise.resolve([])).then((metrics) => {
            channel.send({ type: 'collected', id: message.id, metrics });
          });
        } else if (message.type === 'unready') gateway?.unready();
        else if (message.type === 'close') void end();
      },
    });
    channel.send({ type: 'hello' });
    beat(channel, systemClock);
    const { linodeApiUrl, port, isSandbox, hasUpstreamAnswered } = await welcomed;
    gateway = await startGateway({
      ...gatewayOptions(config, isSandbox, tracing),
      linodeApiUrl: new URL(linodeApiUrl),
      port,
      elsewhere: {
        catalogs,
        consume: (request) => asker.askSoon('consume', request),
        metricsText: () => asker.askSoon('metrics', null),
      },
      log: logOf(logger),
    });
    process.off('uncaughtException', onCrash);
    exitOnUncaughtException(logger);
    if (hasAnswered || hasUpstreamAnswered) gateway.upstreamAnswered();
    channel.send({ type: 'listening', url: gateway.url });
  } catch (error) {
    fail(problemsOf(error));
  }
}
