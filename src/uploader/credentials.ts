import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODE, UploadFailure } from './exitCode.js';

export interface Credentials {
  token: string;
  /** The default region of linode-cli's configuration. */
  region: string | undefined;
}

/** What is needed of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The token of `LINODE_TOKEN`, else of linode-cli's configuration file.
 * @param home the user's home directory
 * @param asUser a user of that file; absent: its default user
 * @throws {UploadFailure} exit code 2 if there is none
 */
export function readCredentials(env: Environment, home: string, asUser?: string): Credentials {
  const path = configPaths(env, home).find(isReadable);
  const sections = path === undefined ? new Map<string, Section>() : readIni(readFileSync(path, 'utf8'));
  const user = asUser ?? sections.get('DEFAULT')?.get('default-user');
  const section = user === undefined ? undefined : sections.get(user);
  if (asUser !== undefined && !section) {
    throw new UploadFailure(EXIT_CODE.usage, `linode-cli's configuration has no user "${asUser}"`);
  }
  const token = (asUser === undefined ? env['LINODE_TOKEN']?.trim() : '') || section?.get('token');
  if (!token) {
    throw new UploadFailure(
      EXIT_CODE.usage,
      'no token: set LINODE_TOKEN, or run "linode-cli configure" (its configuration file is read too)',
    );
  }
  return { token, region: section?.get('region') };
}

/** Where linode-cli looks, in its order. */
function configPaths(env: Environment, home: string): string[] {
  const own = env['LINODE_CLI_CONFIG'];
  if (own) return [own];
  return [join(home, '.linode-cli'), join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'linode-cli')];
}

function isReadable(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

type Section = ReadonlyMap<string, string>;

/** The INI syntax that linode-cli writes (that of Python): keys in any case, `=` or `:`, comments on own lines. */
function readIni(text: string): Map<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const name = /^\s*\[([^\]]+)\]/.exec(line)?.[1];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      continue;
    }
    const [, key, value] = /^\s*([^#;=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value) section.set(key.toLowerCase(), value);
  }
  return sections;
}
