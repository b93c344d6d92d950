import { get } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Fault, SandboxImage } from '../../src/sandbox/sandbox.js';
import { FAILURES } from '../support/failures.js';
import { startTestSandbox, type Page, type TestSandbox } from './harness.js';

const PATH = '/images/linode%2Fdebian12';
const UPLOAD = { method: 'POST', body: { label: 'made', region: 'us-east' } };

function made({ sandbox }: TestSandbox): boolean {
  return sandbox.images('alice-full').some((image) => image.label === 'made');
}

/** Reads from a raw socket until the server closes it. */
function rawGet({ sandbox }: TestSandbox): Promise<{ text: string; failed: boolean }> {
  const { hostname, port } = new URL(sandbox.url);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET /v4${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`),
    );
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve({ text, failed: false }));
    socket.on('error', () => resolve({ text, failed: true }));
  });
}

describe('a fault', () => {
  it('responds with a status and the default or the given body', async () => {
    const { sandbox, call } = await startTestSandbox();
    sandbox.fault({
      status: 503,
      body: 'Maintenance',
      headers: { 'X-MAINTENANCE-MODE': 'all', 'Retry-After': '9' },
    });
    const closed = await call(PATH);
    expect([closed.status, closed.text, closed.headers.get('content-type')]).toEqual([
      503,
      'Maintenance',
      'text/html',
    ]);
    expect([closed.headers.get('x-maintenance-mode'), closed.headers.get('retry-after')]).toEqual([
      'all',
      '9',
    ]);
    sandbox.fault({ status: 502 });
    expect((await call(PATH)).body).toEqual({ errors: [{ reason: 'Bad gateway' }] });
    sandbox.fault({ body: { unexpected: true } });
    expect(await call(PATH)).toMatchObject({ status: 200, body: { unexpected: true } });
  });

  it('applies to matching requests, as often as `times` says, latest first', async () => {
    const { sandbox, call } = await startTestSandbox();
    sandbox.fault({ path: /^\/images/, method: 'GET', status: 500 });
    const remove = sandbox.fault({ path: PATH, times: 2, status: 502 });
    sandbox.fault({ token: 'bob-full', status: 503, times: 1 });
    const seen = async (path: string, token = 'alice-full') => (await call(path, { token })).status;
    expect(await seen('/regions')).toBe(200);
    expect(await seen('/regions', 'bob-full')).toBe(503);
    expect(await seen(PATH)).toBe(502);
    remove();
    expect(await seen(PATH)).toBe(500);
    expect((await call('/images/upload', UPLOAD)).status).toBe(200);
    sandbox.clearFaults();
    expect(await seen(PATH)).toBe(200);
  });

  it.each<[string, Fault, boolean]>([
    ['resets before processing', { reset: 'before' }, false],
    ['resets after processing', { reset: 'after' }, true],
    ['responds with an error without processing', { status: 500 }, false],
    ['responds with an error after processing', { status: 500, processed: true }, true],
    ['resets in the middle of the body', { reset: 'mid-body' }, true],
    ['truncates the body', { truncate: true }, true],
    ['responds with HTML', { html: true }, false],
  ])('%s', async (_, fault, happened) => {
    const here = await startTestSandbox();
    here.sandbox.fault(fault);
    await here.call('/images/upload', UPLOAD).catch(() => undefined);
    expect(made(here)).toBe(happened);
    expect(here.sandbox.requests).toHaveLength(1);
  });

  it.each(Object.entries(FAILURES))('%s: for one token, path and number of times', async (_, failure) => {
    const { sandbox, call } = await startTestSandbox();
    const path = '/images/private%2F23849731';
    const outcomeOf = async (at: string, token: string, timeoutMs = 10_000): Promise<unknown> => {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const { status, text } = await call(at, { token, signal, redirect: 'manual' });
        return [status, text.length, text.slice(0, 1000)];
      } catch {
        return 'failed';
      }
    };
    const real = await outcomeOf(path, 'alice-full');
    sandbox.fault({ ...failure, token: 'alice-full', path, times: 1 });
    expect(await outcomeOf(path, 'alice-read')).toEqual(real);
    expect(await outcomeOf('/images/private%2F23851696', 'alice-full')).toEqual([
      200,
      expect.any(Number),
      expect.any(String),
    ]);
    const timeoutMs = failure.hang === undefined ? 10_000 : 300;
    expect(await outcomeOf(path, 'alice-full', timeoutMs)).not.toEqual(real);
    expect(await outcomeOf(path, 'alice-full')).toEqual(real);
  });

  it('overwrites rows by ID, or all rows', async () => {
    const { sandbox, call } = await startTestSandbox();
    const rows = { 'private/23849731': { size: null, label: 7 }, '*': { created: 'yesterday' } };
    sandbox.fault({ path: '/images', token: 'alice-full', times: 1, rows });
    const list = await call<Page<SandboxImage>>('/images', { filter: { is_public: false } });
    expect(list.body.data.filter((each) => each.size === null).map((each) => each.id)).toEqual([
      'private/23849731',
    ]);
    expect(new Set(list.body.data.map((each) => each.created))).toEqual(new Set(['yesterday']));
    expect((await call<Page<SandboxImage>>('/images', { filter: { size: null } })).body.data).toEqual([]);
    sandbox.fault({ path: '/images/private%2F23849731', rows });
    expect((await call('/images/private%2F23849731')).body).toMatchObject({ size: null, label: 7 });
    sandbox.fault({ path: '/account/users', rows: { dave: { email: null } } });
    const users = await call<Page<{ email: string | null }>>('/account/users');
    expect(users.body.data.filter(({ email }) => email === null)).toHaveLength(1);
  });

  it('compresses a body without being asked to', async () => {
    const here = await startTestSandbox();
    here.sandbox.fault({ gzip: true });
    const { hostname, port } = new URL(here.sandbox.url);
    const { encoding, body } = await new Promise<{ encoding: string | undefined; body: Buffer }>(
      (resolve, reject) => {
        get({ hostname, port, path: `/v4${PATH}` }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }),
          );
        }).on('error', reject);
      },
    );
    expect([encoding, JSON.parse(gunzipSync(body).toString())]).toEqual([
      'gzip',
      expect.objectContaining({ id: 'linode/debian12' }),
    ]);
  });

  it('applies to requests without a token only', async () => {
    const { sandbox, call } = await startTestSandbox();
    sandbox.fault({ token: null, status: 500 });
    expect((await call(PATH)).status).toBe(200);
    expect((await call(PATH, { token: null })).status).toBe(500);
  });

  it('hangs in the middle of the body', async () => {
    const here = await startTestSandbox();
    here.sandbox.fault({ hang: 'mid-body' });
    const { hostname, port } = new URL(here.sandbox.url);
    const begun = await new Promise<{ length: number; received: number; isEnded: boolean }>(
      (resolve, reject) => {
        get({ hostname, port, path: `/v4${PATH}` }, (response) => {
          response.once('data', (chunk: Buffer) => {
            resolve({
              length: Number(response.headers['content-length']),
              received: chunk.length,
              isEnded: response.complete,
            });
          });
          response.on('error', () => undefined);
        }).on('error', reject);
      },
    );
    expect(begun).toEqual({ length: begun.length, received: begun.length >> 1, isEnded: false });
  });

  it('hangs before or after processing, and the sandbox still closes', async () => {
    for (const hang of [true, 'after'] as const) {
      const here = await startTestSandbox();
      const arrived = new Promise((resolve) =>
        here.sandbox.fault({ hang, before: async () => resolve(undefined) }),
      );
      const pending = here.call('/images/upload', UPLOAD);
      pending.catch(() => undefined);
      await arrived;
      await new Promise((resolve) => setImmediate(resolve));
      expect(made(here)).toBe(hang === 'after');
      await here.sandbox.close();
      await expect(pending).rejects.toThrow();
    }
  });

  it('truncates the body but not its Content-Length', async () => {
    const here = await startTestSandbox();
    here.sandbox.fault({ truncate: true });
    const { text, failed } = await rawGet(here);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(failed).toBe(false);
    expect(body.length).toBe(length >> 1);
  });

  it('cuts the JSON, with a correct Content-Length', async () => {
    const { sandbox, call } = await startTestSandbox();
    sandbox.fault({ cutJson: true });
    const { status, text, body } = await call(PATH);
    expect([status, body]).toEqual([200, undefined]);
    expect(text.startsWith('{"id":"linode/debian12"')).toBe(true);
  });

  it('responds with an empty body, HTML, or an oversized body', async () => {
    const { sandbox, call } = await startTestSandbox();
    sandbox.fault({ hugeBytes: 2_000_000 });
    sandbox.fault({ times: 1, html: true });
    sandbox.fault({ times: 1, empty: true });
    expect(await call(PATH)).toMatchObject({ status: 200, text: '' });
    expect((await call(PATH)).headers.get('content-type')).toBe('text/html');
    const huge = await call(PATH);
    expect([huge.text.length, huge.headers.get('content-type')]).toEqual([2_000_000, 'application/json']);
  });

  it('waits for a promise before or after processing', async () => {
    const here = await startTestSandbox();
    for (const gate of ['before', 'after'] as const) {
      here.sandbox.reset();
      let release: (value?: unknown) => void = () => undefined;
      let reached: (value?: unknown) => void = () => undefined;
      const atGate = new Promise((resolve) => (reached = resolve));
      const kept = new Promise((resolve) => (release = resolve));
      const wait = () => {
        reached();
        return kept;
      };
      here.sandbox.fault({ [gate]: wait });
      const pending = here.call('/images/upload', UPLOAD);
      await atGate;
      expect(made(here)).toBe(gate === 'after');
      release();
      expect((await pending).status).toBe(200);
      expect(made(here)).toBe(true);
    }
  });

  it('does not count against the rate limit unless processed', async () => {
    const { sandbox, call } = await startTestSandbox();
    sandbox.fault({ status: 429, times: 3 });
    for (let i = 0; i < 3; i += 1) await call('/images');
    expect((await call('/images')).headers.get('x-ratelimit-remaining')).toBe('19');
  });
});
