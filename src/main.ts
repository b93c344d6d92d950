#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from './clock.js';
import { ConfigError, describeVariables, loadEnvFile, readConfig, type Config } from './config.js';
import { loadPersistedOperations } from './graphql/persistedOperations.js';
import { startGateway, type Gateway } from './http/gateway.js';
import { endOnCrash, endOnSignals } from './lifecycle.js';
import { createLogger, logOf } from './logger.js';
import { SANDBOX_TOKENS, startSandbox, type Sandbox } from './sandbox/sandbox.js';
import type { Tracing } from './tracing.js';
import { VERSION } from './version.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PACKAGE = join(HERE, '..');

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2);
  if (argument !== undefined) return answer(argument);
  loadEnvFile();
  const config = readConfig();
  const logger = await createLogger(config);
  const onStarted = endOnSignals(logger);
  endOnCrash(logger);
  const tracing = config.traces ? await loadTracing() : null;
  const sandbox = config.linodeApiUrl ? null : await startSandbox({ port: config.sandboxPort });
  const gateway = await startGateway({
    host: config.host,
    port: config.port,
    linodeApiUrl: config.linodeApiUrl ?? new URL(sandbox?.url ?? ''),
    schemaDirectory: join(PACKAGE, 'schema'),
    introspection: config.introspection,
    explain: config.explain,
    fastLane: config.fastLane,
    ...(config.graphiql && { graphiql: { directory: graphiqlDirectory(), sandbox: sandbox !== null } }),
    settings: {
      maxAgeMs: config.imagesMaxAgeMs,
      anonymousMaxAgeMs: config.imagesAnonymousMaxAgeMs,
      staleIfErrorMs: config.imagesStaleIfErrorMs,
      requestTimeoutMs: config.requestTimeoutMs,
      maxCallers: config.catalogMaxCallers,
      maxBytes: config.catalogMaxBytes,
    },
    protection: {
      ...config.protection,
      ...(config.persistedOperationsPath !== null && {
        persistedOperations: loadPersistedOperations(config.persistedOperationsPath),
      }),
    },
    clock: systemClock,
    awaitsUpstream: true,
    maxLagMs: config.maxLagMs,
    operationNames: config.metricsOperationNames,
    processMetrics: true,
    ...(tracing && { tracer: tracing.tracer }),
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
  // In production what is written is read by machines, a line of JSON each.
  if (config.isProduction && logger.isLevelEnabled('info')) logger.info(`listening on ${gateway.url}`);
  else process.stdout.write(banner(config, gateway, sandbox));
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

async function loadTracing(): Promise<Tracing> {
  try {
    const { startTracing } = await import('./tracing.js');
    return startTracing();
  } catch (cause) {
    throw new Error('Traces are asked for, but the optional @opentelemetry packages are not installed', {
      cause,
    });
  }
}

/** Beside the compiled gateway; run from its sources, where the build puts it. */
function graphiqlDirectory(): string {
  const beside = join(HERE, 'graphiql');
  return existsSync(join(beside, 'index.html')) ? beside : join(PACKAGE, 'dist', 'graphiql');
}

function banner(config: Config, gateway: Gateway, sandbox: Sandbox | null): string {
  const upstream = sandbox
    ? `the embedded sandbox at ${sandbox.url} (set LINODE_API_URL for the real API)`
    : (config.linodeApiUrl?.href ?? '');
  const tokens = sandbox
    ? ['', '  Tokens of the sandbox (Authorization: Bearer …):', ...SANDBOX_TOKENS.map(describe)]
    : [];
  return ['', `  GraphQL   ${gateway.url}`, `  Linode    ${upstream}`, ...tokens, '', ''].join('\n');
}

const describe = ({ token, description }: { token: string; description: string }): string =>
  `    ${token.padEnd(18)}${description}`;

if (process.argv.includes('--version')) console.log(VERSION);
else
  main().catch((error: unknown) => {
    const lines =
      error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : error];
    for (const line of lines) process.stderr.write(`${String(line)}\n`);
    process.exit(1);
  });
