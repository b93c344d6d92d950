import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deprecationWarnings, readConfig } from '../../src/config/readConfig.js';
import type { ConfigError } from '../../src/config/startupProblems.js';
import { describeDefault } from '../../src/config/variable.js';
import { VARIABLES } from '../../src/config/variables.js';
import { isTracingEnabled } from '../../src/config/tracing.js';
import { PACKAGE } from '../support/gateway.js';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

describe('the configuration', () => {
  it('has defaults for everything in development', () => {
    expect(readConfig({})).toMatchObject({
      server: { port: 4000, graphiql: true, introspection: true },
      upstream: { linodeApiUrl: null },
      cache: { responseCache: true },
    });
  });

  it('turns off in production what reveals too much', () => {
    const config = readConfig({ NODE_ENV: 'production', LINODE_API_URL: 'https://api.linode.com/v4' });
    expect(config.server).toMatchObject({ graphiql: false, introspection: false, explain: false });
  });

  it('names every problem at once, a line each', () => {
    const problems = problemsOf({
      PORT: 'high',
      GRAPHIQL: 'yes',
      LOG_LEVEL: 'loud',
      CORS_ORIGINS: 'app.example.com',
      MAX_DEPTH: '-1',
      LINODE_API_URL: 'ftp://somewhere',
    });
    expect(problems.map((line) => line.split(' ')[0]).sort()).toEqual([
      'CORS_ORIGINS',
      'GRAPHIQL',
      'LINODE_API_URL',
      'LOG_LEVEL',
      'MAX_DEPTH',
      'PORT',
    ]);
    for (const line of problems) expect(line).toMatch(/^[A-Z_]+ must [^\n]+, not "[^\n]*"$/);
  });

  it('reads proxies by either name, and takes one without a scheme for http', () => {
    expect(readConfig({}).upstream).toMatchObject({ httpsProxy: null, httpProxy: null, noProxy: '' });
    expect(
      readConfig({
        https_proxy: 'proxy.example.com:3128',
        HTTP_PROXY: 'http://user:secret@proxy.example.com',
        http_proxy: 'http://other.example.com',
        no_proxy: 'localhost,.example.com',
      }).upstream,
    ).toMatchObject({
      httpsProxy: 'http://proxy.example.com:3128',
      httpProxy: 'http://user:secret@proxy.example.com',
      noProxy: 'localhost,.example.com',
    });
    const [problem] = problemsOf({ HTTPS_PROXY: 'socks5://user:secret@proxy.example.com' });
    expect(problem).toMatch(/^HTTPS_PROXY must be an http or https URL, not "[^"]+"$/);
    expect(problem).not.toContain('secret');
  });

  it('names a missing LINODE_API_URL beside invalid values', () => {
    const problems = problemsOf({ NODE_ENV: 'production', PORT: 'high' });
    expect(problems.map((line) => line.split(' ')[0])).toEqual(['PORT', 'LINODE_API_URL']);
  });

  it('reads each number in the unit of its property', () => {
    const { protection, cache, shutdown } = readConfig({
      MAX_BODY_KILOBYTES: '2',
      KEEP_ALIVE_SECONDS: '3',
      CATALOG_MAX_MEGABYTES: '4',
      DRAIN_TIMEOUT_SECONDS: '5',
    });
    expect(protection).toMatchObject({ maxBodyBytes: 2048, keepAliveMs: 3000 });
    expect(cache.catalogMaxBytes).toBe(4 * 1024 * 1024);
    expect(shutdown.drainTimeoutMs).toBe(5000);
  });

  it('reads FAST_LANE as RESPONSE_CACHE, with a warning', () => {
    const env = { FAST_LANE: 'off' };
    expect(readConfig(env).cache.responseCache).toBe(false);
    expect(deprecationWarnings(env)).toEqual([
      expect.stringMatching(/^FAST_LANE is deprecated .*RESPONSE_CACHE/),
    ]);
    expect(readConfig({ ...env, RESPONSE_CACHE: 'on' }).cache.responseCache).toBe(true);
    expect(deprecationWarnings({ RESPONSE_CACHE: 'off' })).toEqual([]);
  });

  it.each([
    ['http://api.example.com/v4', 'https'],
    ['https://api.linode.com', 'version path'],
    ['https://api.linode.com/v4/images', 'version path'],
    ['https://api.linode.com/v4/v4', 'its version path once, such as https://api.linode.com/v4,'],
    ['https://proxy.example.com/linode/v4/v4beta/', 'once, such as https://proxy.example.com/linode/v4,'],
    ['https://user:secret@api.linode.com/v4', 'no credentials'],
    ['https://api.linode.com/v4?x=1', 'no query'],
    ['nonsense', 'https URL'],
    ['http://127.evil.example/v4', 'https'],
    ['http://localhost.evil.example/v4', 'https'],
    ['http://[::2]/v4', 'https'],
  ])('refuses %s as the API, and prints no credentials', (url, reason) => {
    const [problem = ''] = problemsOf({ LINODE_API_URL: url });
    expect(problem).toContain(reason);
    expect(problem).not.toContain('secret');
  });

  it.each([
    'http://127.0.0.1:1/v4',
    'http://127.9.9.9/v4',
    'http://[::1]:1/v4',
    'http://localhost:1/v4beta',
    'https://api.linode.com/v4/',
    'https://proxy.example.com/linode/v4',
  ])('takes %s', (url) => {
    expect(problemsOf({ LINODE_API_URL: url })).toEqual([]);
  });

  it.each(['Production', 'prod', 'PRODUCTION', 'staging'])(
    'does not take NODE_ENV=%s for development',
    (NODE_ENV) => {
      expect(problemsOf({ NODE_ENV, LINODE_API_URL: 'https://api.linode.com/v4' })).toEqual([
        `NODE_ENV must be development, production or test, not "${NODE_ENV}"`,
      ]);
    },
  );

  it.each(['', 'development', 'test'])('takes NODE_ENV=%s for what is not production', (NODE_ENV) => {
    const { mode, introspection } = readConfig({ NODE_ENV }).server;
    expect([mode, introspection]).toEqual([NODE_ENV || 'development', true]);
  });

  it('takes a production with spaces around it for production', () => {
    const LINODE_API_URL = 'https://api.linode.com/v4';
    expect(readConfig({ NODE_ENV: ' production ', LINODE_API_URL }).server).toMatchObject({
      mode: 'production',
      introspection: false,
    });
  });

  it.each(['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'])(
    'takes a URL of HTTP as %s and nothing else',
    (name) => {
      for (const url of ['nonsense', 'localhost:4318', 'grpc://u:secret@collector:4317']) {
        const [problem = '', ...others] = problemsOf({ [name]: url });
        expect(problem).toMatch(new RegExp(`^${name} must be an http or https URL, not "`));
        expect(problem).not.toContain('secret');
        expect(others).toEqual([]);
      }
      for (const url of ['http://127.0.0.1:4318', 'https://collector.example/v1/traces']) {
        expect(isTracingEnabled(readConfig({ [name]: url }).telemetry)).toBe(true);
      }
    },
  );

  it.each(['CATALOG_MAX_CALLERS', 'CATALOG_MAX_MEGABYTES'])(
    'takes no more for %s than a process could hold',
    (name) => {
      expect(problemsOf({ [name]: '5000000000' })).toEqual([
        expect.stringMatching(new RegExp(`^${name} must be from 1 to \\d{7}, not "5000000000"$`)),
      ]);
    },
  );

  it('lists the levels where the level is none of them', () => {
    expect(problemsOf({ LOG_LEVEL: 'loud' })).toEqual([
      'LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent, not "loud"',
    ]);
  });

  it.each([
    'https://app.example.com',
    'http://localhost:3000',
    'https://app.example.com:8443',
    'https://*.example.com',
    'https://*.example.com:8443',
    'https://app.*.example.com',
    'http://*.localhost:3000',
    'https://a.example.com, https://*.example.org',
    '*',
  ])('accepts %s as a CORS origin', (origins) => {
    expect(readConfig({ CORS_ORIGINS: origins }).protection.corsOrigins).toEqual(origins.split(', '));
  });

  it.each([
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://app.example.com?',
    'https://App.example.com',
    'https://app.example.com:443',
    'http://app.example.com:80',
    'https://user@app.example.com',
    'app.example.com',
    '//app.example.com',
    'ftp://app.example.com',
    'ws://app.example.com',
    'file://',
    'null',
    ',',
    'https://a.example.com,',
    'https://*',
    'https://*:8443',
    'https://*.com',
    'https://example.*',
    'https://example.*.com',
    'https://*.*.example.com',
    'https://*.a.*.example.com',
    'https://**.example.com',
    'https://*example.com',
    'https://pr-*.example.com',
    'https://*-pr.example.com',
    'https://*.example.com/',
    'https://*.example.com:443',
    'https://*.example.com:*',
    'https://*.Example.com',
    'https://*.1.2.3',
    '*://a.example.com',
    'http*://a.example.com',
    '*.example.com',
    '**',
    '/^https:\\/\\/.*\\.example\\.com$/',
  ])('refuses %s as a CORS origin', (origin) => {
    const problems = problemsOf({ CORS_ORIGINS: origin });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^CORS_ORIGINS must be origins such as https:\/\/app\.example\.com or https:\/\/\*\.example\.com, separated by commas, or \*, not "/,
    );
  });

  it('reads names of headers for CORS', () => {
    const { corsAllowHeaders } = readConfig({ CORS_ALLOW_HEADERS: 'X-Tenant, b3' }).protection;
    expect(corsAllowHeaders).toEqual(['X-Tenant', 'b3']);
    for (const value of ['*', 'X-Tenant,', 'X Tenant', 'X-Tenant: a', 'ü', 'a\r\nb']) {
      expect(problemsOf({ CORS_ALLOW_HEADERS: value })).toHaveLength(1);
    }
  });

  it('describes every variable', () => {
    for (const [name, { type, description }] of Object.entries(VARIABLES)) {
      expect(name).toMatch(/^[A-Z_]+$/);
      expect(type).not.toBe('');
      expect(description).toMatch(/\.$/);
    }
  });

  it('accepts the defaults that it prints', () => {
    const printed = Object.entries(VARIABLES).map(([name, variable]) => [
      name,
      describeDefault(variable).split(', in ')[0] ?? '',
    ]);
    expect(readConfig(Object.fromEntries(printed))).toEqual(readConfig({}));
  });
});

describe('the start', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'start-'));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  const MAIN = join(PACKAGE, 'dist', 'main.js');
  const ENV = { PATH: process.env['PATH'] ?? '', GRAPHIQL: 'false', SANDBOX_PORT: '0' };
  /** Runs it to its end; for starts that fail, and for questions. */
  const run = (args: string[], env: Record<string, string>) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const options = { cwd: directory, env: { ...ENV, ...env } };
      execFile(process.execPath, [MAIN, ...args], options, (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, out, err });
      });
    });

  it('prints all variables', async () => {
    const { code, out } = await run(['--help'], {});
    expect(code).toBe(0);
    for (const name of Object.keys(VARIABLES)) expect(out).toContain(`  ${name} (`);
  });

  it('prints its version', async () => {
    expect((await run(['--version'], {})).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('refuses other arguments', async () => {
    const { code, err } = await run(['--prot', '80'], {});
    expect([code, err]).toEqual([1, 'Unknown argument "--prot"; see --help\n']);
  });

  it.each([
    ['wrong types', { PORT: 'x', MAX_COST: 'y' }, /^PORT must [^\n]*\nMAX_COST must [^\n]*\n$/],
    ['a sandbox in production', { NODE_ENV: 'production' }, /^LINODE_API_URL must be set [^\n]*\n$/],
    [
      'a missing manifest',
      { PERSISTED_OPERATIONS: 'none.json', PORT: '0' },
      /^PERSISTED_OPERATIONS none\.json can't be read: ENOENT\n$/,
    ],
    [
      'an address of another machine',
      { HOST: '8.8.8.8', PORT: '0' },
      /^HOST 8\.8\.8\.8 is no address [^\n]*\n$/,
    ],
    [
      'names that no operation has',
      { METRICS_OPERATION_NAMES: 'a b' },
      /^METRICS_OPERATION_NAMES must [^\n]*\n$/,
    ],
  ])('ends with one clear line for each problem: %s', async (_, env, lines) => {
    const { code, err } = await run([], env as Record<string, string>);
    expect(err).toMatch(lines);
    expect(code).toBe(1);
  });

  it('ends when the port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const { code, err } = await run([], { PORT: String(port) });
    await new Promise((resolve) => taken.close(resolve));
    expect(code).toBe(1);
    expect(err).toBe(`PORT ${port} is in use on 127.0.0.1\n`);
  });

  it("ends when the sandbox's port is taken", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const { code, err } = await run([], { PORT: '0', SANDBOX_PORT: String(port) });
    await new Promise((resolve) => taken.close(resolve));
    expect([code, err]).toEqual([1, `SANDBOX_PORT ${port} is in use on 127.0.0.1\n`]);
  });

  it('reads .env in development, without overriding, and starts unready while Linode does not respond', async () => {
    writeFileSync(join(directory, '.env'), 'PORT=1\nLINODE_API_URL=http://127.0.0.1:1/v4\n');
    const child = spawn(process.execPath, [MAIN], { cwd: directory, env: { ...ENV, PORT: '0' } });
    const url = await new Promise<string>((resolve, reject) => {
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(out)?.[0];
        if (found && out.includes('http://127.0.0.1:1/v4')) resolve(found);
      });
      child.once('exit', () => reject(new Error(out)));
    });
    const ready = await fetch(new URL('/health/ready', url));
    expect(ready.status).toBe(503);
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
