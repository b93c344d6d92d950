import { z } from 'zod';

const whole = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must be from ${least} to ${most}`);

const flag = z.enum(['true', 'false'], 'must be "true" or "false"').transform((value) => value === 'true');

const origins = z.string().transform((value) => value.split(',').map((origin) => origin.trim()));

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

/** Every environment variable that the gateway reads; `--help` and the README's table are made of this. */
export const VARIABLES = {
  HOST: variable('address', '127.0.0.1', 'Where to listen.', z.string().min(1)),
  PORT: variable('0–65535', '4000', 'The port to listen on; 0 picks one.', whole(0, 65_535)),
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
    'text',
    'development',
    '`production` demands `LINODE_API_URL` and turns introspection, GraphiQL and explanations off unless they are set.',
    z.string(),
  ),
  CORS_ORIGINS: variable(
    'list',
    '',
    "Origins, separated by commas, whose pages may ask; `*` is any. Empty: only the gateway's own page.",
    origins,
  ),
  LOG_LEVEL: variable(
    'level',
    'info',
    'trace, debug, info, warn, error, fatal or silent.',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
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
  CATALOG_MAX_CALLERS: variable('number', '20000', 'Callers whose images are held at most.', whole(1)),
  CATALOG_MAX_MEGABYTES: variable(
    'MB',
    '256',
    'Memory that all held images take at most, as estimated.',
    whole(1),
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
} as const;

type Values = { [K in keyof typeof VARIABLES]: z.output<(typeof VARIABLES)[K]['shape']> };

export interface Config {
  host: string;
  port: number;
  isProduction: boolean;
  /** Null: the embedded sandbox answers. */
  linodeApiUrl: URL | null;
  sandboxPort: number;
  corsOrigins: string[];
  logLevel: string;
  graphiql: boolean;
  introspection: boolean;
  explain: boolean;
  imagesMaxAgeMs: number;
  imagesAnonymousMaxAgeMs: number;
  imagesStaleIfErrorMs: number;
  catalogMaxCallers: number;
  catalogMaxBytes: number;
  requestTimeoutMs: number;
  drainDelayMs: number;
  drainTimeoutMs: number;
}

/** All that is wrong with the environment, a line for each variable. */
export class ConfigError extends Error {
  override name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** @throws {ConfigError} naming every variable that can't be understood */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = [];
  const isProduction = env['NODE_ENV'] === 'production';
  const values = Object.fromEntries(
    Object.entries(VARIABLES).map(([name, { shape, default: written }]) => {
      const value = env[name]?.trim() || defaultOf(written, isProduction);
      if (value === '') return [name, undefined];
      const parsed = shape.safeParse(value);
      if (parsed.success) return [name, parsed.data];
      problems.push(`${name} ${reasonOf(parsed.error)}, not "${value}"`);
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
    isProduction,
    linodeApiUrl,
    sandboxPort: v.SANDBOX_PORT,
    corsOrigins: values.CORS_ORIGINS ?? [],
    logLevel: v.LOG_LEVEL,
    graphiql: v.GRAPHIQL,
    introspection: v.INTROSPECTION,
    explain: v.EXPLAIN,
    imagesMaxAgeMs: v.IMAGES_MAX_AGE_SECONDS * 1000,
    imagesAnonymousMaxAgeMs: v.IMAGES_ANONYMOUS_MAX_AGE_SECONDS * 1000,
    imagesStaleIfErrorMs: v.IMAGES_STALE_IF_ERROR_SECONDS * 1000,
    catalogMaxCallers: v.CATALOG_MAX_CALLERS,
    catalogMaxBytes: v.CATALOG_MAX_MEGABYTES * 1024 * 1024,
    requestTimeoutMs: v.REQUEST_TIMEOUT_MS,
    drainDelayMs: delay * 1000,
    drainTimeoutMs: drainTimeout * 1000,
  };
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

function readApiUrl(values: Partial<Values>, isProduction: boolean, problems: string[]): URL | null {
  const text = values.LINODE_API_URL;
  if (text === undefined) {
    if (isProduction)
      problems.push('LINODE_API_URL must be set with NODE_ENV=production: the sandbox is no production');
    return null;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const complain = (must: string): null => {
    problems.push(`LINODE_API_URL must ${must}, not "${text.replace(/\/\/[^/@]*@/, '//***@')}"`);
    return null;
  };
  if (!url || !['http:', 'https:'].includes(url.protocol)) return complain('be an https URL');
  if (url.username || url.password) return complain('hold no credentials: callers bring their tokens');
  if (url.search || url.hash) return complain('have no query and no fragment');
  if (!/\/v\d+(?:beta)?\/?$/.test(url.pathname)) return complain('end in its version path, such as /v4');
  const isLoopback = ['localhost', '[::1]'].includes(url.hostname) || /^127\./.test(url.hostname);
  if (url.protocol === 'http:' && !isLoopback && !values.LINODE_API_ALLOW_HTTP) {
    return complain('be an https URL (LINODE_API_ALLOW_HTTP=true allows http)');
  }
  return url;
}
