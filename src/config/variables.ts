import { PROTECTION, QUERY_LIMITS } from './limits.js';
import { SESSIONS } from './sessions.js';
import { SUBSCRIPTIONS } from './subscriptions.js';
import {
  apiUrl,
  boolean,
  encryptionKeys,
  filePath,
  httpUrl,
  integer,
  megabytes,
  milliseconds,
  onOff,
  oneOf,
  operationNames,
  optionalPort,
  optionalText,
  pathPrefix,
  proxyUrl,
  range,
  redisUrl,
  regionSlugs,
  seconds,
  text,
} from './valueTypes.js';
import { describe, describeDefault, variable, type Variable } from './variable.js';

/** Every environment variable that the gateway reads. {@link Config}, `--help` and docs/configuration.md derive from it. */
export const SECTIONS = {
  server: {
    HOST: variable('host', text('address'), '127.0.0.1', 'The address to listen on.'),
    PORT: variable('port', range(0, 65_535), '4000', 'The port to listen on; 0 picks one.'),
    BASE_PATH: variable(
      'basePath',
      pathPrefix,
      '',
      'A path, such as `/images`, that a proxy puts in front of `/graphql` and does not strip. Requests without it are served too.',
    ),
    ADMIN_PORT: variable(
      'adminPort',
      optionalPort,
      '',
      'A port of its own for `/health` and `/metrics`, so that probes do not wait behind new connections of clients; 0 picks one. `PORT` serves them too.',
    ),
    WORKERS: variable(
      'workers',
      range(1, 64),
      '1',
      'Processes that serve HTTP on the port. With more than one, a primary process calls Linode for them and holds the catalogs.',
    ),
    NODE_ENV: variable(
      'mode',
      oneOf('mode', ['development', 'production', 'test']),
      'development',
      '`production` requires `LINODE_API_URL`, and turns introspection, GraphiQL and `X-Explain` off unless they are set.',
    ),
    GRAPHIQL: variable('graphiql', boolean, 'true', 'Serves GraphiQL to browsers.', {
      productionDefault: 'false',
    }),
    INTROSPECTION: variable('introspection', boolean, 'true', 'Allows introspection.', {
      productionDefault: 'false',
    }),
    EXPLAIN: variable(
      'explain',
      boolean,
      'true',
      'Responds to the request header `X-Explain: 1` with the upstream calls behind the response.',
      { productionDefault: 'false' },
    ),
    FEDERATION: variable(
      'federation',
      boolean,
      'false',
      'Serves the schema as an Apollo Federation 2 subgraph too: `_entities`, and `_service` where introspection is on.',
    ),
    PERSISTED_OPERATIONS: variable(
      'persistedOperationsPath',
      filePath,
      '',
      "A manifest of operations, as written by graphql-codegen's client preset, relay-compiler or Apollo. If set, all other operations are refused.",
    ),
  },
  upstream: {
    LINODE_API_URL: variable(
      'linodeApiUrl',
      apiUrl,
      '',
      'The Linode API with its version path, such as `https://api.linode.com/v4`. If unset, the embedded sandbox takes its place (not with `NODE_ENV=production`).',
    ),
    LINODE_API_ALLOW_HTTP: variable(
      'allowHttp',
      boolean,
      'false',
      'Allows plain http to a host other than this machine.',
    ),
    HTTPS_PROXY: variable(
      'httpsProxy',
      proxyUrl,
      '',
      'The proxy for calls to an https `LINODE_API_URL`, also read as `https_proxy`. If unset, `HTTP_PROXY` is used.',
      { alternativeName: 'https_proxy' },
    ),
    HTTP_PROXY: variable(
      'httpProxy',
      proxyUrl,
      '',
      'The same for an http `LINODE_API_URL`, also read as `http_proxy`. Calls to this machine use no proxy.',
      { alternativeName: 'http_proxy' },
    ),
    NO_PROXY: variable(
      'noProxy',
      optionalText('list'),
      '',
      'Hosts that are called without a proxy, with their subdomains, separated by commas; `*` for all. Also read as `no_proxy`.',
      { alternativeName: 'no_proxy' },
    ),
    REQUEST_TIMEOUT_MS: variable(
      'requestTimeoutMs',
      milliseconds(1, 600_000),
      '10000',
      'Timeout of one operation, and of each upstream call behind it.',
    ),
    IMAGE_REGIONS_EXCEPT: variable(
      'imageRegionsExcept',
      regionSlugs,
      'gb-lon,au-mel,sg-sin-2,jp-tyo-3',
      'Regions that do not store images although they offer Object Storage (`Region.keepsImages`), separated by commas. The default is the list of Cloud Manager.',
    ),
    SANDBOX_PORT: variable('sandboxPort', range(0, 65_535), '0', "The embedded sandbox's port; 0 picks one."),
    LINODE_SANDBOX_API: variable(
      'sandboxApi',
      oneOf('latest, 4.176', ['latest', '4.176']),
      'latest',
      "The embedded sandbox's version of the Images API: `4.176` has no tags, replicas or shared images.",
    ),
  },
  sessions: SESSIONS,
  protection: PROTECTION,
  queryLimits: QUERY_LIMITS,
  subscriptions: SUBSCRIPTIONS,
  cache: {
    IMAGES_MAX_AGE_SECONDS: variable(
      'imagesMaxAgeMs',
      seconds(0, 3600),
      '5',
      "How long a caller's image list is fresh. Collections of many pages stay fresh longer, to stay within the list budget.",
    ),
    IMAGES_ANONYMOUS_MAX_AGE_SECONDS: variable(
      'imagesAnonymousMaxAgeMs',
      seconds(0, 86_400),
      '60',
      'The same for callers without a token, who share one budget.',
    ),
    IMAGES_STALE_IF_ERROR_SECONDS: variable(
      'imagesStaleIfErrorMs',
      seconds(0, 86_400),
      '600',
      'How old a stale list may be that is served while Linode fails.',
    ),
    CATALOG_MAX_CALLERS: variable(
      'catalogMaxCallers',
      // Room for all of them is allocated at startup.
      integer(1, 1_000_000),
      '20000',
      'Callers whose catalogs are cached, in each process: every worker, and the primary with `WORKERS` above 1.',
    ),
    CATALOG_MAX_MEGABYTES: variable(
      'catalogMaxBytes',
      megabytes(1, 1024 * 1024),
      '256',
      'Estimated memory of all cached catalogs, in each process: up to n + 1 times as much with `WORKERS=n`.',
    ),
    RESPONSE_CACHE: variable(
      'responseCache',
      onOff,
      'on',
      'Serves repeated queries from a cache of serialized responses while they are fresh. Responses are the same either way.',
      { deprecatedName: 'FAST_LANE' },
    ),
  },
  sharing: {
    REDIS_URL: variable(
      'redisUrl',
      redisUrl,
      '',
      "A Redis or Valkey that all processes of the gateway share, such as `rediss://user:password@host:6379/0`: they spend one budget of calls, list once, and see each other's writes. If unset, each process is on its own.",
      { isSecret: true },
    ),
    REDIS_TIMEOUT_MS: variable(
      'redisTimeoutMs',
      milliseconds(1, 5000),
      '50',
      'How long a command to Redis may take. Longer counts as an outage: each process then works alone until Redis responds.',
    ),
    REDIS_ENCRYPTION_KEY: variable(
      'encryptionKeys',
      encryptionKeys,
      '',
      'Encrypts what is stored in Redis: 32 bytes in Base64, as `openssl rand -base64 32` prints them. Of several keys, separated by commas, the first encrypts and all decrypt.',
      { isSecret: true },
    ),
  },
  telemetry: {
    LOG_LEVEL: variable(
      'logLevel',
      oneOf('level', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
      'info',
      'trace, debug, info, warn, error, fatal or silent.',
    ),
    METRICS_OPERATION_NAMES: variable(
      'metricsOperationNames',
      operationNames,
      '',
      'Operation names that metrics distinguish, separated by commas; all others count as `other`.',
    ),
    OTEL_EXPORTER_OTLP_ENDPOINT: variable(
      'otlpEndpoint',
      httpUrl,
      '',
      'Where to send traces, by OTLP over HTTP. If unset, tracing is off. The other `OTEL_*` variables have their standard meaning.',
    ),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: variable(
      'otlpTracesEndpoint',
      httpUrl,
      '',
      'The same, with its path. Takes precedence.',
    ),
    OTEL_TRACES_EXPORTER: variable(
      'tracesExporter',
      oneOf('otlp, none', ['', 'otlp', 'none']),
      '',
      '`otlp` turns tracing on, to this machine if no endpoint is set; `none` turns it off.',
    ),
    OTEL_SDK_DISABLED: variable('otelSdkDisabled', boolean, 'false', '`true` turns tracing off.'),
  },
  shutdown: {
    DRAIN_DELAY_SECONDS: variable(
      'drainDelayMs',
      seconds(0, 600),
      '0',
      'After SIGTERM: how long to keep accepting requests while readiness reports 503.',
      { productionDefault: '5' },
    ),
    DRAIN_TIMEOUT_SECONDS: variable(
      'drainTimeoutMs',
      seconds(0, 3600),
      '15',
      'After SIGTERM: when to exit at the latest, the delay included.',
    ),
  },
} as const;

type Sections = typeof SECTIONS;

export const SECTION_TITLES: Readonly<Record<keyof Sections, string>> = {
  server: 'Server',
  upstream: 'Linode API',
  sessions: 'Sign-in and sessions',
  protection: 'Limits for clients',
  queryLimits: 'Limits for operations',
  subscriptions: 'Subscriptions',
  cache: 'Caches',
  sharing: 'Several processes',
  telemetry: 'Logs, metrics, traces',
  shutdown: 'Shutdown',
};

/** The environment, read: for each section its variables by their property. */
export type Config = {
  [S in keyof Sections]: {
    [K in keyof Sections[S] as PropertyOf<Sections[S][K]>]: ValueOf<Sections[S][K]>;
  };
};

type PropertyOf<V> = V extends Variable<infer P> ? P : never;
type ValueOf<V> = V extends Variable<string, infer T> ? T : never;

/** All variables of all sections. */
export const VARIABLES: Readonly<Record<string, Variable>> = Object.assign({}, ...Object.values(SECTIONS));

/** What `--help` prints: a paragraph for each variable. */
export function describeVariables(): string {
  return Object.entries(VARIABLES)
    .map(([name, variable]) => {
      const written = describeDefault(variable);
      const facts = written === '' ? variable.type : `${variable.type}, default ${written}`;
      return `  ${name} (${facts})\n      ${describe(variable).replaceAll('`', '')}`;
    })
    .join('\n');
}
