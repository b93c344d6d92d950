import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { readConfig } from '../../src/config/readConfig.js';
import { logOf, loggerOptions } from '../../src/telemetry/log/logger.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { until } from '../support/until.js';

let linode: Sandbox;
let gateway: TestGateway;
let lines: Record<string, unknown>[];
let written: string;

async function open(level = 'info'): Promise<void> {
  lines = [];
  written = '';
  const out = new Writable({
    write(chunk: Buffer, _, done) {
      written += chunk.toString();
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  linode = await startSandbox();
  gateway = await startTestGateway({
    linodeApiUrl: linode.url,
    log: logOf(pino(loggerOptions(readConfig({ LOG_LEVEL: level }).telemetry), out)),
  });
}

afterEach(async () => {
  await gateway.close();
  await linode.close();
});

/** The last line of a request is written after its response was sent. */
const untilLines = (count: number): Promise<void> =>
  until(() => lines.length >= count, `${count} lines in the log`);

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(gateway.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

describe('the log', () => {
  it('has one line for an operation, with what it cost and how it went', async () => {
    await open();
    await gateway.ask('query Mine { images { totalCount } }', {
      token: 'alice-full',
      headers: { 'x-request-id': 'from-the-client' },
    });
    await gateway.close();
    expect(lines).toEqual([
      expect.objectContaining({
        msg: 'operation',
        requestId: 'from-the-client',
        name: 'Mine',
        type: 'query',
        caller: expect.stringMatching(/^[0-9a-f]{12}$/),
        durationMs: expect.any(Number),
        upstreamCalls: 1,
        cache: ['miss'],
        errorCodes: [],
      }),
    ]);
  });

  it('logs a replayed response like the first one, with its own ID, duration and age', async () => {
    await open();
    for (let i = 0; i < 6; i++)
      await gateway.ask('query Mine { images { totalCount } }', { token: 'alice-full' });
    await untilLines(6);
    const [, again, ...others] = lines.map(({ requestId, time, durationMs, ageMs, ...same }) => {
      expect([typeof requestId, typeof time, typeof durationMs]).toEqual(['string', 'number', 'number']);
      expect(typeof ageMs).toBe('number');
      return same;
    });
    expect(others).toEqual([again, again, again, again]);
    expect(new Set(lines.map(({ requestId }) => requestId)).size).toBe(6);
  });

  it('holds no token, no variable and no text of a document', async () => {
    await open('trace');
    const document = 'query Q($id: ID!) { image(id: $id) { secretAlias: label } }';
    await gateway.ask(document, { token: 'alice-full', variables: { id: 'private/987654321' } });
    await gateway.ask(
      'mutation { updateImage(input: {id: "private/1", label: "my-secret"}) { image { id } } }',
      {
        token: 'bob-full',
      },
    );
    await post('{"query":"{ leaked-by-a-parser', { authorization: 'Bearer carol-restricted' });
    await post('{"query":"{ images { totalCount } }"}', { authorization: 'Basic hunter-credentials' });
    await gateway.close();
    for (const secret of [
      'alice-full',
      'bob-full',
      'carol-restricted',
      'secretAlias',
      'my-secret',
      'leaked',
      'hunter',
    ]) {
      expect(written).not.toContain(secret);
    }
  });

  it('has a line for a request that never became an operation, with the ID that the client received', async () => {
    await open();
    const malformed = await post('{');
    const empty = await post('{}');
    const basic = await post('{"query":"{ images { totalCount } }"}', { authorization: 'Basic abc' });
    await untilLines(3);
    expect(lines.map(({ msg, status, route, requestId }) => [msg, status, route, requestId])).toEqual(
      [malformed, empty, basic].map(({ status, headers }) => [
        'request',
        status,
        'graphql',
        headers.get('x-request-id'),
      ]),
    );
    expect(lines.map(({ status }) => status)).toEqual([400, 400, 401]);
  });

  it('has one line for each row that could not be read, however often it is fetched', async () => {
    await open();
    linode.fault({ path: '/images', rows: { 'linode/debian12': { label: 7 } } });
    for (const token of ['alice-full', 'bob-full', null])
      await gateway.ask('{ images { totalCount } }', { token });
    await gateway.close();
    expect(linode.requests.filter(({ path }) => path === '/images')).toHaveLength(3);
    expect(lines.filter(({ msg }) => msg === 'unreadable row')).toEqual([
      expect.objectContaining({ level: 40, resource: 'images', id: 'linode/debian12', field: 'label' }),
    ]);
  });

  it('has no line for a health check', async () => {
    await open();
    await fetch(new URL('/health/ready', gateway.url));
    gateway.unready();
    await fetch(new URL('/health/ready', gateway.url));
    await gateway.close();
    expect(lines).toEqual([]);
  });
});
