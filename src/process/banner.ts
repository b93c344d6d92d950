import type { Config } from '../config/variables.js';
import { SANDBOX_TOKENS } from '../sandbox/sandbox.js';

/** Prints once where the gateway listens; in production as a log line. */
export function announce(
  config: Config,
  logger: { isLevelEnabled(level: string): boolean; info(text: string): void },
  url: string,
  sandboxUrl: string | null,
  adminUrl: string | null,
): void {
  if (config.server.mode === 'production' && logger.isLevelEnabled('info')) {
    logger.info(`listening on ${url}`);
    if (adminUrl !== null) logger.info(`health checks and metrics on ${adminUrl}`);
  } else {
    process.stdout.write(banner(config, url, sandboxUrl, adminUrl));
  }
}

function banner(config: Config, url: string, sandboxUrl: string | null, adminUrl: string | null): string {
  const upstream =
    sandboxUrl === null
      ? (config.upstream.linodeApiUrl?.href ?? '')
      : `the embedded sandbox at ${sandboxUrl} (set LINODE_API_URL for the real API)`;
  const tokens =
    sandboxUrl === null
      ? []
      : ['', '  Sandbox tokens (Authorization: Bearer …):', ...SANDBOX_TOKENS.map(describe)];
  const admin = adminUrl === null ? [] : [`  Admin     ${adminUrl} (health checks, metrics)`];
  const signIn = sandboxUrl === null || config.server.workers > 1 ? [] : [signInLine(url)];
  return ['', `  GraphQL   ${url}`, ...signIn, ...admin, `  Linode    ${upstream}`, ...tokens, '', ''].join(
    '\n',
  );
}

const signInLine = (url: string): string =>
  `  Sign in   ${new URL('/auth/login', url).href} as Alice, Bob or Carol`;

const describe = ({ token, description }: { token: string; description: string }): string =>
  `    ${token.padEnd(18)}${description}`;
