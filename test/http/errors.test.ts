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
/** Sends these bytes, and reads until the gateway closes the connection. */
const raw = (url: string, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let response = '';
    connect(Number(new URL(url).port), '127.0.0.1')
      .on('data', (chunk) => (response += chunk.toString()))
      .on('error', reject)
      .on('end', () => {
        resolve(response);
      })
      .write(bytes);
  });
const MUTATION = 'mutation{deleteImage(input:{id:"private/1"}){deletedImageId}}';

/** Every error is a GraphQL response with a code and without a stack. */
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
    ['a JSON string', () => post('"query"'), 400],
    ['no body', () => post(''), 400],
    ['an empty object', () => post('{}'), 400],
    ['a query that is not a string', () => post('{"query":5}'), 400],
    ['variables that are an array', () => post('{"query":"{__typename}","variables":[1]}'), 400],
    ['variables that are a string', () => post('{"query":"{__typename}","variables":"{}"}'), 400],
    ['extensions that are a string', () => post('{"query":"{__typename}","extensions":"{}"}'), 400],
    ['an operation name that is a number', () => post('{"query":"{__typename}","operationName":5}'), 400],
    ['null', () => post('null'), 400],
    ['a GET that could be cross-site', () => get('?query={__typename}', {}), 400],
    ['a batch', () => post('[{"query":"{__typename}"},{"query":"{__typename}"}]'), 400],
    ['a GET without parameters', () => get(''), 400],
    ['a GET whose variables are not JSON', () => get('?query={__typename}&variables={'), 400],
    ['a GET with two queries', () => get('?query={__typename}&query={__typename}'), 400],
    ['an unknown content encoding', () => post('{}', { ...JSON_TYPE, 'content-encoding': 'zip' }), 415],
    ['an unknown charset', () => post('{}', { 'content-type': 'application/json;charset=x' }), 415],
    ['a body that is not gzip', () => post('{}', { ...JSON_TYPE, 'content-encoding': 'gzip' }), 400],
    ['another content type', () => post('{__typename}', { 'content-type': 'application/graphql' }), 415],
    [
      'a form',
      () => post('query={__typename}', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
    ],
    ['a malformed content type', () => post('{}', { 'content-type': ';;' }), 415],
    ['no body', () => fetch(gateway.url, { method: 'POST', headers: JSON_TYPE }), 400],
    ['a body larger than 512 KB', () => post(`{"query":"${' '.repeat(530_000)}"}`), 413],
    [
      'a client that accepts XML only',
      () => post('{"query":"{__typename}"}', { ...JSON_TYPE, accept: 'text/xml' }),
      406,
    ],
  ])('gets an error in JSON: %s', async (_, send, status) => {
    expect(await errorOf(await send())).toMatchObject({ status, code: 'BAD_REQUEST' });
  });

  it('gets an error with the request ID that the client sent', async () => {
    const response = await post('[]', { ...JSON_TYPE, 'x-request-id': 'mine-7' });
    expect(response.headers.get('x-request-id')).toBe('mine-7');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { requestId: 'mine-7' } }] });
  });

  it('gets an error with its request ID if its header is no bearer token', async () => {
    const response = await post('{"query":"{__typename}"}', { ...JSON_TYPE, authorization: 'Basic abc' });
    expect(await errorOf(response)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it.each(['null', '"x"', '5', 'true'])('must be a JSON object: %s', async (body) => {
    expect((await errorOf(await post(body))).message).toBe('The body must be a JSON object');
  });

  it.each(['{"query":', 'query', '{} {}'])('is not JSON: %s', async (body) => {
    expect((await errorOf(await post(body))).message).toBe('The body is not JSON');
  });

  it('may expect 100-continue only', async () => {
    const send = (expect: string): Promise<{ status: number | undefined; text: string; id: unknown }> =>
      new Promise((resolve, reject) => {
        request(gateway.url, { method: 'POST', headers: { ...JSON_TYPE, expect } }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () =>
            resolve({ status: response.statusCode, text, id: response.headers['x-request-id'] }),
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

  it('is refused in JSON without a Host header', async () => {
    const response = await raw(gateway.url, 'GET /graphql?query={__typename} HTTP/1.1\r\n\r\n');
    expect(response).toMatch(/^HTTP\/1\.1 400 /);
    expect(response).toContain('HTTP/1.1 needs a Host header');
    await until(() => gateway.requests.at(-1)?.status === 400, 'the record of a request with status 400');
  });

  it('is refused in JSON if it is a CONNECT', async () => {
    const response = await raw(gateway.url, 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n');
    expect(response).toMatch(/^HTTP\/1\.1 405 /);
    expect(response).toContain('"BAD_REQUEST"');
    await until(() => gateway.requests.at(-1)?.status === 405, 'the record of a request with status 405');
  });

  it('is refused before it is executed: a mutation whose response the client does not accept', async () => {
    await post(JSON.stringify({ query: MUTATION }), {
      ...JSON_TYPE,
      accept: 'text/xml',
      authorization: 'Bearer alice-full',
    });
    expect(linode.count(/^DELETE/)).toBe(0);
  });

  it('gets an error in JSON for a path that does not exist', async () => {
    const response = await fetch(new URL('/nowhere', gateway.url));
    expect(await errorOf(response)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('is refused by method: %s', async (method) => {
    const response = await fetch(gateway.url, { method });
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    expect(await errorOf(response)).toMatchObject({ status: 405, code: 'BAD_REQUEST' });
  });

  it('gets the status of a GET without its body by HEAD', async () => {
    const response = await fetch(gateway.url, { method: 'HEAD' });
    expect(response.status).toBe((await fetch(gateway.url)).status);
    expect(await response.text()).toBe('');
  });

  it('gets the allowed methods by OPTIONS', async () => {
    const response = await fetch(gateway.url, { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
  });

  it('is refused if it is a mutation by GET', async () => {
    const response = await get(`?query=${encodeURIComponent(MUTATION)}`);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await errorOf(response)).toMatchObject({ status: 405, code: 'BAD_REQUEST' });
  });

  it('is refused with headers of more than 16 KB', async () => {
    const response = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      request(gateway.url, { headers: { 'x-long': 'x'.repeat(20_000) } }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      })
        .on('error', reject)
        .end();
    });
    expect(response.status).toBe(431);
    expect(JSON.parse(response.text)).toMatchObject({ errors: [{ message: 'The headers are too large' }] });
  });

  it('is refused if it is not HTTP', async () => {
    const response = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => {
        socket.write('\x16\x03\x01 hello\r\n\r\n');
      });
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text)).on('error', reject);
    });
    expect(response).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(response).toContain('"This is not HTTP"');
  });
});

describe('a response', () => {
  it('has security headers and Vary', async () => {
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
    'has the accepted type if the client names its charset: %s',
    async (accept) => {
      const response = await post('{"query":"{ __typename }"}', { ...JSON_TYPE, accept });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    },
  );

  it('follows the specification for a client that accepts its type with a charset', async () => {
    const accept = 'application/graphql-response+json; charset=utf-8';
    const response = await post('{"query":"{ nope }"}', { ...JSON_TYPE, accept });
    expect([response.status, response.headers.get('content-type')]).toEqual([400, accept]);
  });

  it('to an invalid document is 200 as application/json, and 400 as application/graphql-response+json', async () => {
    const ask = (accept: string) => post('{"query":"{ nope }"}', { ...JSON_TYPE, accept });
    expect((await ask('application/json')).status).toBe(200);
    expect((await ask('application/graphql-response+json')).status).toBe(400);
  });
});

describe('an error of a variable', () => {
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
  ])('describes the problem without the value: %s %j', async (query, v, words) => {
    const { errors, body } = await gateway.ask(query, { variables: { v } });
    expect(errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(errors[0]?.message).toContain('Variable "$v" has an invalid value');
    expect(errors[0]?.message).toContain(words);
    expect(body).not.toContain(SECRET);
  });

  it('names a missing one', async () => {
    const { errors } = await gateway.ask('query($v: ID!) { image(id: $v) { id } }');
    expect(errors[0]?.message).toBe('Variable "$v" of required type "ID!" was not provided.');
  });
});
