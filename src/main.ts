import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { systemClock } from './clock.js';
import { ConfigError, readConfig, type Config } from './config.js';
import { startGateway, type Gateway } from './http/gateway.js';
import { SANDBOX_TOKENS, startSandbox, type Sandbox } from './sandbox/sandbox.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PACKAGE = join(HERE, '..');

const log = (config: Config) =>
  pino({ level: config.logLevel, redact: ['authorization', 'token', '*.authorization', '*.token'] });

async function main(): Promise<void> {
  const config = readConfig();
  const logger = log(config);
  const sandbox = config.linodeApiUrl ? null : await startSandbox({ port: config.sandboxPort });
  const gateway = await startGateway({
    host: config.host,
    port: config.port,
    linodeApiUrl: config.linodeApiUrl ?? new URL(sandbox?.url ?? ''),
    schemaDirectory: join(PACKAGE, 'schema'),
    introspection: config.introspection,
    explain: config.explain,
    ...(config.graphiql && { graphiql: { directory: graphiqlDirectory(), sandbox: sandbox !== null } }),
    settings: {
      maxAgeMs: config.imagesMaxAgeMs,
      anonymousMaxAgeMs: config.imagesAnonymousMaxAgeMs,
      staleIfErrorMs: config.imagesStaleIfErrorMs,
      requestTimeoutMs: config.requestTimeoutMs,
      maxCallers: config.catalogMaxCallers,
      maxBytes: config.catalogMaxBytes,
    },
    clock: systemClock,
    log: {
      operation: (record) => {
        logger.info(record, 'operation');
      },
      upstreamCall: (call) => {
        logger.debug(call, 'upstream call');
      },
      bug: (error) => {
        logger.error({ err: error }, 'a bug of ours');
      },
    },
  });
  process.stdout.write(banner(config, gateway, sandbox));
  drainOnSignal(config, gateway, sandbox);
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

/** Lame duck, then drain, then exit 0; a second signal ends at once. */
function drainOnSignal(config: Config, gateway: Gateway, sandbox: Sandbox | null): void {
  let isDraining = false;
  const drain = (): void => {
    if (isDraining) process.exit(1);
    isDraining = true;
    gateway.unready();
    setTimeout(() => {
      void Promise.allSettled([gateway.close()])
        .then(() => sandbox?.close())
        .then(() => process.exit(0));
    }, config.drainDelayMs);
    setTimeout(() => {
      gateway.server.closeAllConnections();
      process.exit(0);
    }, config.drainTimeoutMs).unref();
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
}

main().catch((error: unknown) => {
  const lines =
    error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : error];
  for (const line of lines) process.stderr.write(`${String(line)}\n`);
  process.exit(1);
});
