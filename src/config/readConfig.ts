import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { isInsecure, quoted } from './apiUrl.js';
import { ConfigError } from './startupProblems.js';
import type { Variable } from './variable.js';
import { SECTIONS, VARIABLES, type Config } from './variables.js';

const ENV_FILE = '.env';

/** Adds the variables of `.env`, if that file exists; variables that are set already win. Not in production. */
export function loadEnvFile(): void {
  if (process.env['NODE_ENV'] !== 'production' && existsSync(ENV_FILE)) process.loadEnvFile(ENV_FILE);
}

/** @throws {ConfigError} naming every variable whose value is invalid */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = [];
  const isProduction = env['NODE_ENV']?.trim() === 'production';
  const sections = Object.entries(SECTIONS).map(([section, variables]) => [
    section,
    Object.fromEntries(
      Object.entries<Variable>(variables).map(([name, variable]) => {
        const value = textOf(env, name, variable) || defaultOf(variable, isProduction);
        const parsed = variable.schema.safeParse(value);
        if (!parsed.success) {
          const found = variable.isSecret ? '' : `, not ${quoted(value)}`;
          problems.push(`${name} ${messageOf(parsed.error)}${found}`);
        }
        return [variable.property, parsed.data];
      }),
    ),
  ]);
  const config = Object.fromEntries(sections) as ValidPart;
  problems.push(...conflicts(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config as Config;
}

/** The configuration without the values that are invalid. */
type ValidPart = { [S in keyof Config]: Partial<Config[S]> };

/** A warning for each variable that is set by a deprecated name. */
export const deprecationWarnings = (env: NodeJS.ProcessEnv = process.env): string[] =>
  Object.entries(VARIABLES).flatMap(([name, { deprecatedName }]) =>
    deprecatedName !== undefined && env[deprecatedName]?.trim()
      ? [`${deprecatedName} is deprecated and will be ignored in the next release: set ${name} instead`]
      : [],
  );

const textOf = (
  env: NodeJS.ProcessEnv,
  name: string,
  { alternativeName, deprecatedName }: Variable,
): string | undefined =>
  [name, alternativeName, deprecatedName].map((each) => each && env[each]?.trim()).find(Boolean);

const defaultOf = (variable: Variable, isProduction: boolean): string =>
  (isProduction ? variable.productionDefault : undefined) ?? variable.default;

/** Zod's first message. Those of our own schemas start with "must". */
const messageOf = (error: z.ZodError): string => {
  const message = error.issues[0]?.message ?? '';
  return message.startsWith('must') ? message : `must be something else (${message})`;
};

/** What is wrong with values that are valid each by itself. */
function conflicts(config: ValidPart): string[] {
  const { server, upstream, sharing, shutdown } = config;
  const problems = sessionConflicts(config);
  if (typeof sharing.redisUrl === 'string' && (server.workers ?? 1) > 1) {
    problems.push(
      'WORKERS above 1 cannot be combined with REDIS_URL: start several processes that share the Redis instead',
    );
  }
  const { linodeApiUrl, allowHttp } = upstream;
  if (linodeApiUrl === null && server.mode === 'production') {
    problems.push('LINODE_API_URL must be set with NODE_ENV=production: the sandbox is for development');
  }
  if (linodeApiUrl && isInsecure(linodeApiUrl) && allowHttp === false) {
    problems.push(
      `LINODE_API_URL must be an https URL (LINODE_API_ALLOW_HTTP=true allows http), not ${quoted(linodeApiUrl.href)}`,
    );
  }
  const { drainDelayMs = 0, drainTimeoutMs = Infinity } = shutdown;
  if (drainDelayMs > drainTimeoutMs) {
    problems.push(
      `DRAIN_DELAY_SECONDS must not be longer than DRAIN_TIMEOUT_SECONDS (${drainTimeoutMs / 1000}), not "${drainDelayMs / 1000}"`,
    );
  }
  return problems;
}

/** Of the settings for sign-in. The embedded sandbox needs none. */
function sessionConflicts({ server, upstream, sharing, sessions }: ValidPart): string[] {
  const problems: string[] = [];
  const { clientId, clientSecret, publicUrl, secrets, loginUrl } = sessions;
  const has = (value: string | readonly string[] | null | undefined): boolean => (value?.length ?? 0) > 0;
  for (const [name, url] of Object.entries({ OAUTH_LOGIN_URL: loginUrl, PUBLIC_URL: publicUrl })) {
    if (typeof url !== 'string') continue;
    if (isInsecure(new URL(url))) problems.push(`${name} must be an https URL, not ${quoted(url)}`);
    if (/[?#@]/.test(url)) problems.push(`${name} must have no query, fragment or credentials`);
  }
  if (has(clientId) !== has(clientSecret)) {
    problems.push('OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET must be set together');
  }
  if (!has(clientId)) return problems;
  if ((server.workers ?? 1) > 1 && upstream.linodeApiUrl !== null) {
    problems.push(
      'OAUTH_CLIENT_ID must not be combined with WORKERS: start several processes with REDIS_URL instead',
    );
  }
  if (typeof sharing.redisUrl === 'string' && secrets?.length === 0) {
    problems.push(
      'SESSION_SECRETS must be set with OAUTH_CLIENT_ID and REDIS_URL: all processes need the same',
    );
  }
  if (server.mode !== 'production') return problems;
  if (publicUrl === null) problems.push('PUBLIC_URL must be set with OAUTH_CLIENT_ID in production');
  if (secrets?.length === 0) problems.push('SESSION_SECRETS must be set with OAUTH_CLIENT_ID in production');
  return problems;
}
