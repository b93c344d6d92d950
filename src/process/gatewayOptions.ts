import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogsSettings } from '../catalog/catalogs.js';
import { systemClock } from '../clock.js';
import { ConfigError, type Config } from '../config/readConfig.js';
import {
  loadPersistedOperations,
  type PersistedOperations,
} from '../graphql/documents/persistedOperations.js';
import type { GatewayOptions } from '../gateway/gateway.js';
import type { Tracing } from '../telemetry/tracing/sdk.js';

/** `src`, or `dist` where it is compiled. */
const HERE = fileURLToPath(new URL('..', import.meta.url));
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
      persistedOperations: persistedOperations(config.persistedOperationsPath),
    }),
  },
  clock: systemClock,
  awaitsUpstream: true,
  maxLagMs: config.maxLagMs,
  operationNames: config.metricsOperationNames,
  processMetrics: true,
  ...(tracing && { tracer: tracing.tracer }),
});

/** @throws {ConfigError} naming the variable, when the manifest can't be used */
function persistedOperations(path: string): PersistedOperations {
  try {
    return loadPersistedOperations(path);
  } catch (error) {
    throw new ConfigError([`PERSISTED_OPERATIONS ${(error as Error).message}`]);
  }
}

/** Beside the compiled gateway; run from its sources, where the build puts it. */
function graphiqlDirectory(): string {
  const beside = join(HERE, 'graphiql');
  return existsSync(join(beside, 'index.html')) ? beside : join(PACKAGE, 'dist', 'graphiql');
}
