import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogsSettings } from './catalog/catalogs.js';
import { systemClock } from './clock.js';
import { ConfigError, type Config } from './config.js';
import { loadPersistedOperations } from './graphql/persistedOperations.js';
import type { GatewayOptions } from './http/gateway.js';
import { SANDBOX_TOKENS } from './sandbox/sandbox.js';
import type { Tracing } from './tracing.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PACKAGE = join(HERE, '..');

export const catalogsSettings = (config: Config): CatalogsSettings => ({
  maxAgeMs: config.imagesMaxAgeMs,
  anonymousMaxAgeMs: config.imagesAnonymousMaxAgeMs,
  staleIfErrorMs: config.imagesStaleIfErrorMs,
  requestTimeoutMs: config.requestTimeoutMs,
  maxCallers: config.catalogMaxCallers,
  maxBytes: config.catalogMaxBytes,
});

/** What the configuration says of a process that serves HTTP. */
export const gatewayOptions = (
  config: Config,
  isSandbox: boolean,
  tracing: Tracing | null,
): Omit<GatewayOptions, 'log' | 'linodeApiUrl'> => ({
  host: config.host,
  port: config.port,
  schemaDirectory: join(PACKAGE, 'schema'),
  introspection: config.introspection,
  explain: config.explain,
  fastLane: config.fastLane,
  ...(config.graphiql && { graphiql: { directory: graphiqlDirectory(), sandbox: isSandbox } }),
  settings: catalogsSettings(config),
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
});

export async function loadTracing(config: Config): Promise<Tracing | null> {
  if (!config.traces) return null;
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

/** Says once where it listens: in production to machines, in a line of JSON. */
export function announce(
  config: Config,
  logger: { isLevelEnabled(level: string): boolean; info(text: string): void },
  url: string,
  sandboxUrl: string | null,
): void {
  if (config.isProduction && logger.isLevelEnabled('info')) logger.info(`listening on ${url}`);
  else process.stdout.write(banner(config, url, sandboxUrl));
}

function banner(config: Config, url: string, sandboxUrl: string | null): string {
  const upstream =
    sandboxUrl === null
      ? (config.linodeApiUrl?.href ?? '')
      : `the embedded sandbox at ${sandboxUrl} (set LINODE_API_URL for the real API)`;
  const tokens =
    sandboxUrl === null
      ? []
      : ['', '  Tokens of the sandbox (Authorization: Bearer …):', ...SANDBOX_TOKENS.map(describe)];
  return ['', `  GraphQL   ${url}`, `  Linode    ${upstream}`, ...tokens, '', ''].join('\n');
}

const describe = ({ token, description }: { token: string; description: string }): string =>
  `    ${token.padEnd(18)}${description}`;

/** A line for each thing that is wrong. */
export const linesOf = (error: unknown): readonly string[] => {
  if (error instanceof ConfigError) return error.problems;
  return [error instanceof Error ? error.message : String(error)];
};
