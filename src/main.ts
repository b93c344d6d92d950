#!/usr/bin/env node
import cluster from 'node:cluster';
import { announce } from './process/banner.js';
import { describeVariables, loadEnvFile, problemsOf, readConfig, type Config } from './config/readConfig.js';
import { startGateway } from './gateway/gateway.js';
import { endOnCrash, endOnSignals } from './process/lifecycle.js';
import { loadTracing } from './telemetry/tracing/loadTracing.js';
import { createLogger, logOf } from './telemetry/log/logger.js';
import { runPrimary } from './process/primary.js';
import { startSandbox } from './sandbox/sandbox.js';
import { gatewayOptions } from './process/gatewayOptions.js';
import { VERSION } from './version.js';
import { runWorker } from './process/worker.js';

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2);
  if (argument !== undefined) return answer(argument);
  loadEnvFile();
  if (cluster.isWorker) return runWorker();
  const config = readConfig();
  await (config.workers > 1 ? runPrimary(config) : runAlone(config));
}

async function runAlone(config: Config): Promise<void> {
  const logger = await createLogger(config);
  const onStarted = endOnSignals(logger);
  endOnCrash(logger);
  const tracing = await loadTracing(config);
  const sandbox = config.linodeApiUrl ? null : await startSandbox({ port: config.sandboxPort });
  const gateway = await startGateway({
    ...gatewayOptions(config, sandbox !== null, tracing),
    linodeApiUrl: config.linodeApiUrl ?? new URL(sandbox?.url ?? ''),
    log: logOf(logger),
  });
  onStarted({
    drainDelayMs: config.drainDelayMs,
    drainTimeoutMs: config.drainTimeoutMs,
    unready: gateway.unready,
    async close() {
      await gateway.close();
      await sandbox?.close();
      await tracing?.close();
    },
  });
  announce(config, logger, gateway.url, sandbox?.url ?? null);
}

function answer(argument: string): void {
  if (argument === '--version') process.stdout.write(`${VERSION}\n`);
  else if (argument === '--help') process.stdout.write(help());
  else throw new Error(`There is no argument "${argument}": try --help`);
}

const help = (): string =>
  [
    'The Linode Images GraphQL gateway. Set by environment variables, in development by a file .env too:',
    '',
    describeVariables(),
    '',
    'Arguments: --help, --version.',
    '',
  ].join('\n');

if (process.argv.includes('--version')) console.log(VERSION);
else
  main().catch((error: unknown) => {
    for (const line of problemsOf(error)) process.stderr.write(`${line}\n`);
    process.exit(1);
  });
