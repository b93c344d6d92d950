import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readCredentials } from '../../src/uploader/credentials.js';

const CONFIG = `# written by linode-cli
[DEFAULT]
default-user = alice

[alice]
token = token-of-alice
region = us-east
type = g6-nanode-1

[bob]
Token: token-of-bob
`;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

function configure(...path: string[]): string {
  const file = join(home, ...path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, CONFIG);
  return file;
}

it.each([[['.config', 'linode-cli']], [['.linode-cli']]])(
  "reads linode-cli's configuration in %j",
  (path) => {
    configure(...path);
    expect(readCredentials({}, home)).toEqual({ token: 'token-of-alice', region: 'us-east' });
    expect(readCredentials({}, home, 'bob')).toEqual({ token: 'token-of-bob', region: undefined });
  },
);

it('reads it where the environment says', () => {
  const env = { LINODE_CLI_CONFIG: configure('elsewhere', 'cli.ini') };
  expect(readCredentials(env, home).token).toBe('token-of-alice');
  configure('xdg', 'linode-cli');
  expect(readCredentials({ XDG_CONFIG_HOME: join(home, 'xdg') }, home).token).toBe('token-of-alice');
});

it('prefers LINODE_TOKEN, but not to a user that is named', () => {
  configure('.linode-cli');
  const env = { LINODE_TOKEN: ' own ' };
  expect(readCredentials(env, home)).toEqual({ token: 'own', region: 'us-east' });
  expect(readCredentials(env, home, 'bob').token).toBe('token-of-bob');
});

it('says what is missing', () => {
  expect(() => readCredentials({}, home)).toThrow('set LINODE_TOKEN');
  configure('.linode-cli');
  expect(() => readCredentials({}, home, 'carol')).toThrow('no user "carol"');
});
