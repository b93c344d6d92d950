import { existsSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

const whole = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must be from ${least} to ${most}`);

const flag = z.enum(['true', 'false'], 'must be "true" or "false"').transform((value) => value === 'true');

const names = z
  .string()
  .transform((value) => value.split(',').map((name) => name.trim()))
  .refine(
    (list) => list.every((name) => /^[_A-Za-z]\w*$/.test(name)),
    'must be names of operations, separated by commas',
  );

const origins = z
  .string()
  .transform((value) => value.split(',').map((origin) => origin.trim()))
  .refine(
    (list) => list.every((origin) => origin === '*' || isOrigin(origin)),
    'must be origins such as https://app.example.com, separated by commas, or *',
  );

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

const httpUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol),
    'must be an http or https URL',
  );

interface Variable<T> {
  type: string;
  /** As one would write it; empty when there is none. */
  default: string;
  meaning: string;
  shape: z.ZodType<T, string>;
}

const variable = <T>(
  type: string,
  value: string,
  meaning: string,
  shape: z.ZodType<T, string>,
): Variable<T> => ({
  type,
  default: value,
  meaning,
  shape,
});

/** Every environment variable that the gateway reads; `--help` and docs/configuration.md are made of this. */
export const VARIABLES = {
  HOST: variable('address', '127.0.0.1', 'Where to listen.', z.string().min(1)),
  PORT: variable('0–65535', '4000', 'The port to listen on; 0 picks one.', whole(0, 65_535)),
  WORKERS: variable(
    '1–64',
    '1',
    'Processes that serve HTTP on the port; with more than one, another one makes their calls to Linode and holds the catalogs.',
    whole(1, 64),
  ),
  LINODE_API_URL: variable(
    'URL',
    '',
    'The API with its version path, such as `https://api.linode.com/v4`. Unset, the embedded sandbox answers (not with `NODE_ENV=production`).',
    z.string(),
  ),
  LINODE_API_ALLOW_HTTP: variable(
    'boolean',
    'false',
    'Allows plain http to a host that is not this machine.',
    flag,
  ),
  SANDBOX_PORT: variable('0–65535', '0', "The embedded sandbox's port; 0 picks one.", whole(0, 65_535)),
  NODE_ENV: variable(
    'mode',
    'development',
    '`production` demands `LINODE_API_URL`; introspection, GraphiQL and explanations are then off unless set. Else `development` or `test`.',
    z.enum(['development', 'production', 'test'], 'must be development, production or test'),
  ),
  CORS_ORIGINS: variable(
    'list',
    '',
    "Origins, separated by commas, whose pages may ask; `*` is any. Empty: only the gateway's own page.",
    origins,
  ),
  TRUST_PROXY_HOPS: variable(
    'number',
    '0',
    "Proxies in front whose `X-Forwarded-For` is believed, for the rate limit's IP addresses.",
    whole(0, 10),
  ),
  RATE_LIMIT_PER_MINUTE: variable(
    'number',
    '0',
    'Requests that one caller (by token, without one by IP address) may make in a minute to all workers together; 0 is any number.',
    whole(0),
  ),
  MAX_CONCURRENT_OPERATIONS: variable(
    'number',
    '1000',
    'Operations under way at once in each worker; beyond it 503. Those that only wait for a fetch that another one started do not count.',
    whole(1),
  ),
  MAX_HEADER_KILOBYTES: variable('KB', '16', "All of a request's headers with its URL.", whole(1, 1024)),
  MAX_BODY_KILOBYTES: variable('KB', '512', "A request's body.", whole(1, 102_400)),
  MAX_TOKENS: variable('number', '2000', "Words and signs of an operation's document.", whole(1)),
  MAX_DEPTH: variable('number', '12', 'Fields within fields of a document, introspection exempt.', whole(1)),
  MAX_ALIASES: variable(
    'number',
    '50',
    'Aliases in a document; a field asked again in the same place counts as one.',
    whole(0),
  ),
  MAX_DIRECTIVES: variable('number', '20', 'Directives in a document.', whole(0)),
  MAX_ROOT_FIELDS: variable('number', '50', 'Fields at the root of an operation.', whole(1)),
  MAX_COST: variable(
    'number',
    '150000',
    'Objects that an answer could hold at most, plus 10 for each value of a filter.',
    whole(1),
  ),
  PERSISTED_OPERATIONS: variable(
    'file',
    '',
    "A manifest of operations, as graphql-codegen's client preset writes it. Set, all others are refused.",
    z.string(),
  ),
  CLIENT_TIMEOUT_SECONDS: variable(
    'seconds',
    '30',
    'How long a client may take to send its request (its headers: a third of it), and to read the answer.',
    whole(3, 3600),
  ),
  KEEP_ALIVE_SECONDS: variable(
    'seconds',
    '65',
    'How long an idle connection stays open; longer than the load balancer in front keeps it.',
    whole(1, 3600),
  ),
  LOG_LEVEL: variable(
    'level',
    'info',
    'trace, debug, info, warn, error, fatal or silent.',
    z.enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    ),
  ),
  GRAPHIQL: variable('boolean', 'true, in production false', 'Serves GraphiQL to browsers.', flag),
  INTROSPECTION: variable('boolean', 'true, in production false', 'Answers introspection.', flag),
  EXPLAIN: variable(
    'boolean',
    'true, in production false',
    'Answers the header `X-Explain: 1` with the upstream calls behind the answer.',
    flag,
  ),
  IMAGES_MAX_AGE_SECONDS: variable(
    'seconds',
    '5',
    "For how long a caller's images are fresh; it stretches by itself where a collection has many pages.",
    whole(0, 3600),
  ),
  IMAGES_ANONYMOUS_MAX_AGE_SECONDS: variable(
    'seconds',
    '60',
    'The same for callers without a token, who share one budget.',
    whole(0, 86_400),
  ),
  IMAGES_STALE_IF_ERROR_SECONDS: variable(
    'seconds',
    '600',
    'How old images may be that serve while the API falters.',
    whole(0, 86_400),
  ),
  CATALOG_MAX_CALLERS: variable(
    'number',
    '20000',
    'Callers whose images are held at most, in each process: those of `WORKERS`, and with several the one that calls Linode.',
    // Room for all of them is made at the start.
    whole(1, 1_000_000),
  ),
  CATALOG_MAX_MEGABYTES: variable(
    'MB',
    '256',
    'Memory that all held images take at most, as estimated; in each process, so with `WORKERS=n` up to n + 1 times as much.',
    whole(1, 1024 * 1024),
  ),
  FAST_LANE: variable(
    'on, off',
    'on',
    'Answers repeated queries with the bytes of the last answer while they are good. The answers are the same either way.',
    z.enum(['on', 'off'], 'must be "on" or "off"'),
  ),
  REQUEST_TIMEOUT_MS: variable(
    'ms',
    '10000',
    'How long one operation, and each call behind it, may take.',
    whole(1, 600_000),
  ),
  DRAIN_DELAY_SECONDS: variable(
    'seconds',
    '0, in production 5',
    'After SIGTERM: how long to go on accepting while readiness says no.',
    whole(0, 600),
  ),
  DRAIN_TIMEOUT_SECONDS: variable(
    'seconds',
    '15',
    'After SIGTERM: when to end at the latest, the delay included.',
    whole(0, 3600),
  ),
  MAX_EVENT_LOOP_LAG_MS: variable(
    'ms',
    '150',
    'How long one turn of the event loop may take before operations are refused with 503, so that those taken are not slow.',
    whole(20, 60_000),
  ),
  METRICS_OPERATION_NAMES: variable(
    'list',
    '',
    'Names of operations, separated by commas, that metrics tell apart; all others count as `other`.',
    names,
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    'URL',
    '',
    'Where traces go, by OTLP over HTTP. Unset, nothing is traced. The other `OTEL_*` variables mean what they always do.',
    httpUrl,
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: variable('URL', '', 'The same, its path included.', httpUrl),
  OTEL_TRACES_EXPORTER: variable(
    'text',
    '',
    '`otlp` traces to the endpoint, or else to this machine; `none` does not, whatever else is set.',
    z.enum(['otlp', 'none'], 'must be "otlp" or "none"'),
  ),
  OTEL_SDK_DISABLED: variable('boolean', 'false', '`true` traces nothing, whatever else is set.', flag),
} as const;

type Values = { [K in keyof typeof VARIABLES]: z.output<(typeof VARIABLES)[K]['shape']> };

export interface Config {
  host: string;
  port: number;
  /** Processes that serve HTTP. */
  workers: number;
  isProduction: boolean;
  /** Null: the embedded sandbox answers. */
  linodeApiUrl: URL | null;
  sandboxPort: number;
  protection: {
    corsOrigins: string[];
    trustProxyHops: number;
    /** 0 is any number. */
    rateLimitPerMinute: number;
    maxConcurrentOperations: number;
    maxHeaderBytes: number;
    maxBodyBytes: number;
    queryLimits: {
      maxTokens: number;
      maxDepth: number;
      maxAliases: number;
      maxDirectives: number;
      maxRootFields: number;
      maxCost: number;
    };
    clientTimeoutMs: number;
    keepAliveMs: number;
  };
  /** The manifest's path; null when any operation may be asked. */
  persistedOperationsPath: string | null;
  logLevel: string;
  graphiql: boolean;
  introspection: boolean;
  explain: boolean;
  imagesMaxAgeMs: number;
  imagesAnonymousMaxAgeMs: number;
  imagesStaleIfErrorMs: number;
  catalogMaxCallers: number;
  catalogMaxBytes: number;
  fastLane: boolean;
  requestTimeoutMs: number;
  drainDelayMs: number;
  drainTimeoutMs: number;
  maxLagMs: number;
  metricsOperationNames: string[];
  /** Whether OpenTelemetry's own variables ask for traces. */
  traces: boolean;
}

/** What `--help` prints: a paragraph for each variable. */
export function describeVariables(): string {
  return Object.entries(VARIABLES)
    .map(([name, { type, default: value, meaning }]) => {
      const facts = value === '' ? type : `${type}, default ${value}`;
      return `  ${name} (${facts})\n      ${meaning.replaceAll('`', '')}`;
    })
    .join('\n');
}

const ENV_FILE = '.env';

/** Adds the variables of `.env`, where there is one; those already set stand. Not for production. */
export function loadEnvFile(): void {
  if (process.env['NODE_ENV'] !== 'production' && existsSync(ENV_FILE)) process.loadEnvFile(ENV_FILE);
}

/** All that is wrong with the environment, a line for each variable. */
export class ConfigError extends Error {
  override name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Why a process can't start, a line for each thing that is wrong. */
export const problemsOf = (error: unknown): readonly string[] => {
  if (error instanceof ConfigError) return error.problems;
  if (!(error instanceof Error)) return [String(error)];
  return [listenProblem(error) ?? error.message];
};

/** What is wrong with the address that a server should listen on; undefined where it is something else. */
function listenProblem(error: NodeJS.ErrnoException): string | undefined {
  const { code, port, address, hostname } = error as NodeJS.ErrnoException & Partial<Record<string, string>>;
  if (code === 'EADDRINUSE') return `PORT ${port} is in use on ${address}`;
  if (code === 'EACCES' && port !== undefined) return `PORT ${port} is not allowed to this process`;
  if (code === 'EADDRNOTAVAIL') return `HOST ${address} is no address of this machine`;
  if (hostname !== undefined) return `HOST ${hostname} can't be found`;
  return undefined;
}

/** @throws {ConfigError} naming every variable that can't be understood */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = [];
  const isProduction = env['NODE_ENV']?.trim() === 'production';
  const values = Object.fromEntries(
    Object.entries(VARIABLES).map(([name, { shape, default: written }]) => {
      const value = env[name]?.trim() || defaultOf(written, isProduction);
      if (value === '') return [name, undefined];
      const parsed = shape.safeParse(value);
      if (parsed.success) return [name, parsed.data];
      problems.push(`${name} ${reasonOf(parsed.error)}, not ${quoted(value)}`);
      return [name, undefined];
    }),
  ) as Partial<Values>;

  const linodeApiUrl = readApiUrl(values, isProduction, problems);
  const delay = values.DRAIN_DELAY_SECONDS ?? 0;
  const drainTimeout = values.DRAIN_TIMEOUT_SECONDS ?? 0;
  if (problems.length === 0 && delay > drainTimeout) {
    problems.push(
      `DRAIN_DELAY_SECONDS must not be longer than DRAIN_TIMEOUT_SECONDS (${drainTimeout}), not "${delay}"`,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);

  const v = values as Values;
  return {
    host: v.HOST,
    port: v.PORT,
    workers: v.WORKERS,
    isProduction,
    linodeApiUrl,
    sandboxPort: v.SANDBOX_PORT,
    protection: {
      corsOrigins: values.CORS_ORIGINS ?? [],
      trustProxyHops: v.TRUST_PROXY_HOPS,
      rateLimitPerMinute: v.RATE_LIMIT_PER_MINUTE,
      maxConcurrentOperations: v.MAX_CONCURRENT_OPERATIONS,
      maxHeaderBytes: v.MAX_HEADER_KILOBYTES * 1024,
      maxBodyBytes: v.MAX_BODY_KILOBYTES * 1024,
      queryLimits: {
        maxTokens: v.MAX_TOKENS,
        maxDepth: v.MAX_DEPTH,
        maxAliases: v.MAX_ALIASES,
        maxDirectives: v.MAX_DIRECTIVES,
        maxRootFields: v.MAX_ROOT_FIELDS,
        maxCost: v.MAX_COST,
      },
      clientTimeoutMs: v.CLIENT_TIMEOUT_SECONDS * 1000,
      keepAliveMs: v.KEEP_ALIVE_SECONDS * 1000,
    },
    persistedOperationsPath: values.PERSISTED_OPERATIONS ?? null,
    logLevel: v.LOG_LEVEL,
    graphiql: v.GRAPHIQL,
    introspection: v.INTROSPECTION,
    explain: v.EXPLAIN,
    imagesMaxAgeMs: v.IMAGES_MAX_AGE_SECONDS * 1000,
    imagesAnonymousMaxAgeMs: v.IMAGES_ANONYMOUS_MAX_AGE_SECONDS * 1000,
    imagesStaleIfErrorMs: v.IMAGES_STALE_IF_ERROR_SECONDS * 1000,
    catalogMaxCallers: v.CATALOG_MAX_CALLERS,
    catalogMaxBytes: v.CATALOG_MAX_MEGABYTES * 1024 * 1024,
    fastLane: v.FAST_LANE === 'on',
    requestTimeoutMs: v.REQUEST_TIMEOUT_MS,
    drainDelayMs: delay * 1000,
    drainTimeoutMs: drainTimeout * 1000,
    maxLagMs: v.MAX_EVENT_LOOP_LAG_MS,
    metricsOperationNames: values.METRICS_OPERATION_NAMES ?? [],
    traces: asksForTraces(values),
  };
}

function asksForTraces(values: Partial<Values>): boolean {
  if (values.OTEL_SDK_DISABLED || values.OTEL_TRACES_EXPORTER === 'none') return false;
  const endpoint = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? values.OTEL_EXPORTER_OTLP_ENDPOINT;
  return values.OTEL_TRACES_EXPORTER === 'otlp' || endpoint !== undefined;
}

/** A default may differ in production: `true, in production false`. */
function defaultOf(written: string, isProduction: boolean): string {
  const [usual = '', production = usual] = written.split(', in production ');
  return isProduction ? production : usual;
}

/** Zod's first words on it, or the plainest there are. */
const reasonOf = (error: z.ZodError): string => {
  const message = error.issues[0]?.message ?? '';
  return message.startsWith('must') ? message : `must be something else (${message})`;
};

/** A value as it was written, but without the credentials that a URL may hold. */
const quoted = (value: string): string => `"${value.replace(/\/\/[^/@]*@/, '//***@')}"`;

function readApiUrl(values: Partial<Values>, isProduction: boolean, problems: string[]): URL | null {
  const text = values.LINODE_API_URL;
  if (text === undefined) {
    if (isProduction)
      problems.push('LINODE_API_URL must be set with NODE_ENV=production: the sandbox is no production');
    return null;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const complain = (must: string): null => {
    problems.push(`LINODE_API_URL must ${must}, not ${quoted(text)}`);
    return null;
  };
  if (!url || !['http:', 'https:'].includes(url.protocol)) return complain('be an https URL');
  if (url.username || url.password) return complain('hold no credentials: callers bring their tokens');
  if (url.search || url.hash) return complain('have no query and no fragment');
  if (!/\/v\d+(?:beta)?\/?$/.test(url.pathname)) return complain('end in its version path, such as /v4');
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !values.LINODE_API_ALLOW_HTTP) {
    return complain('be an https URL (LINODE_API_ALLOW_HTTP=true allows http)');
  }
  return url;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** @param hostname as URLs hold it: a name may begin like an address of this machine, and be anybody's */
function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  const version = isIP(address);
  return version === 0 ? hostname === 'localhost' : LOOPBACK.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
