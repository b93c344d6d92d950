import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config/readConfig.js';
import type { ConfigError } from '../../src/config/startupProblems.js';
import { sessionSettings } from '../../src/process/gatewayOptions.js';

const SECRET = 's'.repeat(32);
const PRODUCTION = {
  NODE_ENV: 'production',
  LINODE_API_URL: 'https://api.linode.com/v4',
  OAUTH_CLIENT_ID: '519d660133f3fbb47357',
  OAUTH_CLIENT_SECRET: 'the secret of the client',
  PUBLIC_URL: 'https://images.example',
  SESSION_SECRETS: SECRET,
};

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

describe('the settings of sessions', () => {
  it('are complete in production with five variables', () => {
    const settings = sessionSettings(readConfig(PRODUCTION), null);
    expect(settings).toMatchObject({
      clientId: '519d660133f3fbb47357',
      loginUrl: new URL('https://login.linode.com'),
      publicUrl: new URL('https://images.example'),
      scopes: ['images:read_write', 'linodes:read_only', 'events:read_only'],
      secrets: [SECRET],
      lifetimes: { idleMs: 1_800_000, maxMs: 28_800_000 },
      origins: [],
    });
  });

  it('are absent without an OAuth client, but for the embedded sandbox, which has one', () => {
    const config = readConfig({});
    expect(sessionSettings(config, null)).toBeUndefined();
    expect(sessionSettings(config, 'http://127.0.0.1:4001/v4')).toMatchObject({
      loginUrl: new URL('http://127.0.0.1:4001'),
      publicUrl: null,
    });
    expect(sessionSettings(readConfig({ WORKERS: '2' }), 'http://127.0.0.1:4001/v4')).toBeUndefined();
  });

  it('get a random secret in development, another one in each process', () => {
    const secretOf = () => sessionSettings(readConfig({}), 'http://127.0.0.1:4001/v4')?.secrets[0] ?? '';
    expect(secretOf()).toMatch(/^[0-9a-f]{64}$/);
    expect(secretOf()).not.toBe(secretOf());
  });

  it.each<[Record<string, string>, string]>([
    [{ OAUTH_CLIENT_SECRET: '' }, 'OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET must be set together'],
    [{ OAUTH_CLIENT_ID: '' }, 'OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET must be set together'],
    [{ PUBLIC_URL: '' }, 'PUBLIC_URL must be set with OAUTH_CLIENT_ID in production'],
    [{ SESSION_SECRETS: '' }, 'SESSION_SECRETS must be set with OAUTH_CLIENT_ID in production'],
    [{ PUBLIC_URL: 'http://images.example' }, 'PUBLIC_URL must be an https URL, not "http://images.example"'],
    [
      { OAUTH_LOGIN_URL: 'http://login.example' },
      'OAUTH_LOGIN_URL must be an https URL, not "http://login.example"',
    ],
    [{ PUBLIC_URL: 'https://a.example/?x' }, 'PUBLIC_URL must have no query, fragment or credentials'],
    [
      { SESSION_SECRETS: `${SECRET},short` },
      'SESSION_SECRETS must be secrets of at least 32 characters, separated by commas',
    ],
    [
      { OAUTH_SCOPES: 'images:write' },
      'OAUTH_SCOPES must be scopes such as images:read_only, separated by spaces, not "images:write"',
    ],
    [
      { SESSION_ORIGINS: 'https://*.example.com' },
      'SESSION_ORIGINS must be origins such as https://app.example.com, separated by commas, without wildcards, not "https://*.example.com"',
    ],
    [
      { SESSION_ORIGINS: '*' },
      'SESSION_ORIGINS must be origins such as https://app.example.com, separated by commas, without wildcards, not "*"',
    ],
    [
      { NODE_ENV: '', SESSION_SECRETS: '', REDIS_URL: 'redis://127.0.0.1' },
      'SESSION_SECRETS must be set with OAUTH_CLIENT_ID and REDIS_URL: all processes need the same',
    ],
    [
      { WORKERS: '2' },
      'OAUTH_CLIENT_ID must not be combined with WORKERS: start several processes with REDIS_URL instead',
    ],
  ])('are refused with %j', (changes, problem) => {
    const problems = problemsOf({ ...PRODUCTION, ...changes });
    expect(problems).toEqual([problem]);
  });

  it('allow http on this machine', () => {
    const env = { OAUTH_LOGIN_URL: 'http://127.0.0.1:4001', PUBLIC_URL: 'http://localhost:4000' };
    expect(problemsOf({ ...PRODUCTION, ...env })).toEqual([]);
  });
});
