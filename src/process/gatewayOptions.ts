import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogsSettings } from '../catalog/catalogs.js';
import { systemClock } from '../clock.js';
import { ConfigError } from '../config/startupProblems.js';
import type { Config } from '../config/variables.js';
import {
  loadPersistedOperations,
  type PersistedOperations,
} from '../graphql/documents/persistedOperations.js';
import type { GatewayOptions } from '../gateway/options.js';
import type { SessionSettings } from '../gateway/sessionAccess.js';
import type { ProxySettings } from '../linode/client/dispatcher.js';
import type { Protection } from '../http/protection.js';
import { SANDBOX_CLIENT } from '../sandbox/sandbox.js';
import type { Tracing } from '../telemetry/tracing/sdk.js';

/** `src`, or `dist` where it is compiled. */
const HERE = fileURLToPath(new URL('..', import.meta.url));
const PACKAGE = join(HERE, '..');

export const catalogsSettings = ({ cache, upstream }: Config): CatalogsSettings => ({
  maxAgeMs: cache.imagesMaxAgeMs,
  anonymousMaxAgeMs: cache.imagesAnonymousMaxAgeMs,
  staleIfErrorMs: cache.imagesStaleIfErrorMs,
  requestTimeoutMs: upstream.requestTimeoutMs,
  maxCallers: cache.catalogMaxCallers,
  maxBytes: cache.catalogMaxBytes,
});

/** Without persisted operations, which are read from a file. */
export const protectionOf = ({ protection, queryLimits, subscriptions }: Config): Protection => ({
  ...protection,
  queryLimits,
  subscriptions,
});

export const proxyOf = ({ upstream }: Config): ProxySettings => ({
  httpsProxy: upstream.httpsProxy,
  httpProxy: upstream.httpProxy,
  noProxy: upstream.noProxy,
});

/** The options of a process that serves HTTP. */
export const gatewayOptions = (
  config: Config,
  isSandbox: boolean,
  tracing: Tracing | null,
): Omit<GatewayOptions, 'log' | 'linodeApiUrl'> => ({
  host: config.server.host,
  port: config.server.port,
  basePath: config.server.basePath,
  ...(config.server.adminPort !== null && { adminPort: config.server.adminPort }),
  proxy: proxyOf(config),
  schemaDirectory: join(PACKAGE, 'schema'),
  introspection: config.server.introspection,
  federation: config.server.federation,
  explain: config.server.explain,
  responseCache: config.cache.responseCache,
  ...(config.server.graphiql && { graphiql: { directory: graphiqlDirectory(), sandbox: isSandbox } }),
  settings: catalogsSettings(config),
  imageRegionsExcept: config.upstream.imageRegionsExcept,
  protection: {
    ...protectionOf(config),
    ...(config.server.persistedOperationsPath !== null && {
      persistedOperations: persistedOperations(config.server.persistedOperationsPath),
    }),
  },
  clock: systemClock,
  awaitsUpstream: true,
  maxLagMs: config.protection.maxLagMs,
  operationNames: config.telemetry.metricsOperationNames,
  processMetrics: true,
  ...(tracing && { tracer: tracing.tracer }),
});

/**
 * How users of browsers sign in; undefined if they cannot.
 * @param sandboxUrl of the embedded sandbox, which has a login server; null if Linode is reached
 */
export function sessionSettings(
  { sessions, server }: Config,
  sandboxUrl: string | null,
): SessionSettings | undefined {
  const { clientId, clientSecret, loginUrl, scopes, publicUrl, secrets, idleMs, maxMs, origins } = sessions;
  // Sessions are stored in the memory of one process.
  if (server.workers > 1 || (clientId === '' && sandboxUrl === null)) return undefined;
  return {
    ...(sandboxUrl === null
      ? { clientId, clientSecret, loginUrl: new URL(loginUrl ?? '') }
      : {
          clientId: SANDBOX_CLIENT.id,
          clientSecret: SANDBOX_CLIENT.secret,
          loginUrl: new URL(new URL(sandboxUrl).origin),
        }),
    scopes,
    publicUrl: publicUrl === null ? null : new URL(publicUrl),
    secrets: secrets.length > 0 ? secrets : [randomBytes(RANDOM_SECRET_BYTES).toString('hex')],
    origins,
    lifetimes: { idleMs, maxMs },
  };
}

const RANDOM_SECRET_BYTES = 32;

/** @throws {ConfigError} naming the variable, when the manifest cannot be used */
function persistedOperations(path: string): PersistedOperations {
  try {
    return loadPersistedOperations(path);
  } catch (error) {
    throw new ConfigError([`PERSISTED_OPERATIONS ${(error as Error).message}`]);
  }
}

/** Beside the compiled gateway; when run from sources, in `dist`. */
function graphiqlDirectory(): string {
  const beside = join(HERE, 'graphiql');
  return existsSync(join(beside, 'index.html')) ? beside : join(PACKAGE, 'dist', 'graphiql');
}
