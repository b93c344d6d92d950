import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { connect } from 'node:net';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { until } from '../support/until.js';

let linode: Sandbox;
let gateway: TestGateway;

beforeAll(async () => {
  linode = await startSandbox();
  gateway = await startTestGateway({ linodeApiUrl: linode.url });
});
afterAll(async () => {
  await gateway.close();
  await linode.close();
});

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
  fetch(gateway.url, { method: 'POST', headers, body });
const get = (search: string, headers: Record<string, string> = { 'apollo-require-preflight': '1' }) =>
  fetch(`${gateway.url}${search}`, { headers });
/** Sends the very bytes, and reads until the gateway ends the connection. */
const raw = (url: string, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    connect(Number(new URL(url).port), '127.0.0.1')
      .on('data', (chunk) => (answer += chunk.toString()))
      .on('error', reject)
      .on('end', () => {
        resolve(answer);
      })
      .write(bytes);
  });
const MUTATION = 'mutation{deleteImage(input:{id:"private/1"}){deletedImageId}}';

/** Whatever went wrong, the answer is GraphQL's, with a code and without a stack. */
async function errorOf(response: Response) {
  expect(response.headers.get('content-type')).toMatch(
    /^application\/(graphql-response\+)?json; charset=utf-8$/,
  );
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-powered-by')).toBeNull();
  const text = await response.text();
  expect(text).not.toMatch(/<html|<pre|\bat \S+ \(|node_modules|\.[jt]s:\d/i);
  const { errors } = JSON.parse(text) as {
    errors: { message: string; extensions: { code: string; requestId: string; stacktrace?: unknown } }[];
  };
  for (const { extensions } of errors) {
    expect(extensions.requestId).toBe(response.headers.get('x-request-id'));
    expect(extensions.requestId).toMatch(/^[0-9a-f]{32}$/);
  }
  expect(errors[0]?.extensions.stacktrace).toBeUndefined();
  return { status: response.status, code: errors[0]?.extensions.code, message: errors[0]?.message };
}

describe('a request that is not GraphQL', () => {
  it.each([
    ['malformed JSON', () => post('{"query":'), 400],
    ['a bare word', () => post('"query"'), 400],
    ['no body', () => post(''), 400],
    ['an empty object', () => post('{}'), 400],
    ['a query that is no text', () => post('{"query":5}'), 400],
    ['variables that are no object', () => post('{"query":"{__typename}","variables":[1]}'), 400],
    ['variables that are text', () => post('{"query":"{__typename}","variables":"{}"}'), 400],
    ['extensions that are text', () => post('{"query":"{__typename}","extensions":"{}"}'), 400],
    ['a name that is a number', () => post('{"query":"{__typename}","operationName":5}'), 400],
    ['null', () => post('null'), 400],
    ['what might be forged', () => get('?query={__typename}', {}), 400],
    ['a batch', () => post('[{"query":"{__typename}"},{"query":"{__typename}"}]'), 400],
    ['nothing at all, by GET', () => get(''), 400],
    ['variables that are no JSON, by GET', () => get('?query={__typename}&variables={'), 400],
    ['a query twice, by GET', () => get('?query={__typename}&query={__typename}'), 400],
    ['an encoding that nobody knows', () => post('{}', { ...JSON_TYPE, 'content-encoding': 'zip' }), 415],
    ['a charset that nobody knows', () => post('{}', { 'content-type': 'application/json;charset=x' }), 415],
    [
      'a body that is not the gzip it claims',
      () => post('{}', { ...JSON_TYPE, 'content-encoding': 'gzip' }),
      400,
    ],
    ['a wrong type', () => post('{__typename}', { 'content-type': 'application/graphql' }), 415],
    [
      'a form',
      () => post('query={__typename}', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
    ],
    ['a type that is none', () => post('{}', { 'content-type': ';;' }), 415],
    ['no body', () => fetch(gateway.url, { method: 'POST', headers: JSON_TYPE }), 400],
    ['a body larger than 512 KB', () => post(`{"query":"${' '.repeat(530_000)}"}`), 413],
    [
      'an answer wanted as XML',
      () => post('{"query":"{__typename}"}', { ...JSON_TYPE, accept: 'text/xml' }),
      406,
    ],
  ])('is answered in JSON: %s', async (_, send, status) => {
    expect(await errorOf(await send())).toMatchObject({ status, code: 'BAD_REQUEST' });
  });

  it('is answered under the name that the client gave it', async () => {
    const answer = await post('[]', { ...JSON_TYPE, 'x-request-id': 'mine-7' });
    expect(answer.headers.get('x-request-id')).toBe('mine-7');
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { requestId: 'mine-7' } }] });
  });

  it('is answered under its name where its token is none', async () => {
    const answer = await post('{"query":"{__typename}"}', { ...JSON_TYPE, authorization: 'Basic abc' });
    expect(await errorOf(answer)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it.each(['null', '"x"', '5', 'true'])(
    'is told to be an object where it is other JSON: %s',
    async (body) => {
      expect((await errorOf(await post(body))).message).toBe('The body must be a JSON object');
    },
  );

  it.each(['{"query":', 'query', '{} {}'])('is told to be JSON where it is none: %s', async (body) => {
    expect((await errorOf(await post(body))).message).toBe('The body is not JSON');
  });

  it('may expect nothing but that the body is awaited', async () => {
    const send = (expect: string): Promise<{ status: number | undefined; text: string; id: unknown }> =>
      new Promise((resolve, reject) => {
        request(gateway.url, { method: 'POST', headers: { ...JSON_TYPE, expect } }, (answer) => {
          let text = '';
          answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
          answer.on('end', () =>
            resolve({ status: answer.statusCode, text, id: answer.headers['x-request-id'] }),
          );
        })
          .on('error', reject)
          .end('{"query":"{__typename}"}');
      });
    const { status, text, id } = await send('foo');
    expect([status, JSON.parse(text)]).toEqual([
      417,
      {
        errors: [
          {
            message: 'Only "Expect: 100-continue" is supported',
            extensions: { code: 'BAD_REQUEST', requestId: id },
          },
        ],
      },
    ]);
    expect(gateway.requests.at(-1)).toMatchObject({ route: 'graphql', status: 417 });
    expect(await send('100-continue')).toMatchObject({ status: 200 });
  });

  it('has a Host, or is refused like anything else', async () => {
    const answer = await raw(gateway.url, 'GET /graphql?query={__typename} HTTP/1.1\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('HTTP/1.1 needs a Host header');
    await until(() => gateway.requests.at(-1)?.status === 400, 'the record of a request with status 400');
  });

  it('is told that this is no proxy', async () => {
    const answer = await raw(gateway.url, 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).toContain('"BAD_REQUEST"');
    await until(() => gateway.requests.at(-1)?.status === 405, 'the record of a request with status 405');
  });

  it('is refused before anything of it runs: a mutation whose answer could not be read', async () => {
    await post(JSON.stringify({ query: MUTATION }), {
      ...JSON_TYPE,
      accept: 'text/xml',
      authorization: 'Bearer alice-full',
    });
    expect(linode.count(/^DELETE/)).toBe(0);
  });

  it('is answered in JSON for paths that do not exist', async () => {
    const response = await fetch(new URL('/nowhere', gateway.url));
    expect(await errorOf(response)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('may not come by %s', async (method) => {
    const response = await fetch(gateway.url, { method });
    expect(response.headers.get('allow')).toBe('GET, POST, OPTIONS');
    expect(await errorOf(response)).toMatchObject({ status: 405, code: 'BAD_REQUEST' });
  });

  it('may not come by HEAD, and learns what may', async () => {
    const response = await fetch(gateway.url, { method: 'HEAD' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, OPTIONS']);
    expect(await response.text()).toBe('');
  });

  it('is told by OPTIONS what may come', async () => {
    const response = await fetch(gateway.url, { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'GET, POST, OPTIONS']);
  });

  it('may not be a mutation by GET', async () => {
    const response = await get(`?query=${encodeURIComponent(MUTATION)}`);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await errorOf(response)).toMatchObject({ status: 405, code: 'BAD_REQUEST' });
  });

  it('may not have headers of more than 16 KB', async () => {
    const response = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      request(gateway.url, { headers: { 'x-long': 'x'.repeat(20_000) } }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode, text }));
      })
        .on('error', reject)
        .end();
    });
    expect(response.status).toBe(431);
    expect(JSON.parse(response.text)).toMatchObject({ errors: [{ message: 'The headers are too large' }] });
  });

  it('may not be anything else than HTTP', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => {
        socket.write('\x16\x03\x01 hello\r\n\r\n');
      });
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text)).on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('"This is not HTTP"');
  });
});

describe('an answer', () => {
  it('carries the headers that keep browsers and caches careful', async () => {
    const { headers } = await gateway.ask('{ __typename }');
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers.get('vary')?.split(', ').sort()).toEqual(['Accept', 'Authorization']);
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it.each(['application/json; charset=utf-8', 'application/json;charset=UTF-8, text/html;q=0.1'])(
    'comes as what is asked for with its charset: %s',
    async (accept) => {
      const answer = await post('{"query":"{ __typename }"}', { ...JSON_TYPE, accept });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    },
  );

  it('comes by the specification for a client that asks so with a charset', async () => {
    const accept = 'application/graphql-response+json; charset=utf-8';
    const answer = await post('{"query":"{ nope }"}', { ...JSON_TYPE, accept });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, accept]);
  });

  it('to a document that is at fault is 200 for old clients, 400 for those of the specification', async () => {
    const ask = (accept: string) => post('{"query":"{ nope }"}', { ...JSON_TYPE, accept });
    expect((await ask('application/json')).status).toBe(200);
    expect((await ask('application/graphql-response+json')).status).toBe(400);
  });
});

describe('an error in a variable', () => {
  const SECRET = 'a-secret-value';
  it.each([
    [
      'query($v: Int!) { images(first: $v) { totalCount } }',
      SECRET,
      'Int cannot represent non-integer value.',
    ],
    [
      'query($v: ImageFilter) { images(filter: $v) { totalCount } }',
      { size: { eq: SECRET } },
      ' at "v.size.eq"; Int',
    ],
    [
      'query($v: ImageFilter) { images(filter: $v) { totalCount } }',
      { type: [SECRET] },
      ' at "v.type[0]"; it does not exist in "ImageType" enum.',
    ],
    [
      'query($v: ImageFilter) { images(filter: $v) { totalCount } }',
      SECRET,
      'Expected type "ImageFilter" to be an object.',
    ],
    [
      'query($v: ImageFilter) { images(filter: $v) { totalCount } }',
      { created: { gt: SECRET } },
      'DateTime must be',
    ],
    ['query($v: ID!) { image(id: $v) { id } }', { a: SECRET }, 'ID cannot represent value.'],
  ])('says what is wrong without its value: %s %j', async (query, v, words) => {
    const { errors, body } = await gateway.ask(query, { variables: { v } });
    expect(errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(errors[0]?.message).toContain('Variable "$v" has an invalid value');
    expect(errors[0]?.message).toContain(words);
    expect(body).not.toContain(SECRET);
  });

  it('that is missing is named', async () => {
    const { errors } = await gateway.ask('query($v: ID!) { image(id: $v) { id } }');
    expect(errors[0]?.message).toBe('Variable "$v" of required type "ID!" was not provided.');
  });
});
