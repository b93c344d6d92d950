import { request as httpRequest } from 'node:http';
import type { TestGateway } from '../../support/gateway.js';

/** One request as it travels, so that nothing is added to it. */
export interface Raw {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface RawResponse {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

export const JSON_TYPE = { 'content-type': 'application/json' };
export const ALICE = { ...JSON_TYPE, authorization: 'Bearer alice-full' };
export const post = (query: string, headers: Record<string, string> = ALICE, variables?: object): Raw => ({
  method: 'POST',
  headers,
  body: JSON.stringify({ query, variables }),
});
const get = (query: string, headers: Record<string, string>): Raw => ({
  path: `/graphql?query=${encodeURIComponent(query)}`,
  headers,
});

export const LIST = '{ images(first: 3) { totalCount nodes { id label } } }';

export const LONG_LIST = '{ images(first: 50) { nodes { id label description created } } }';

/** Everything that a policy may read, varied. */
export const REQUESTS: Record<string, Raw> = {
  'a list': post(LIST),
  'a list of another caller': post(LIST, { ...JSON_TYPE, authorization: 'Bearer bob-full' }),
  'a list without a token': post(LIST, JSON_TYPE),
  'a list with a bad token': post(LIST, { ...JSON_TYPE, authorization: 'Bearer unknown' }),
  'a malformed Authorization': post(LIST, { ...JSON_TYPE, authorization: 'Basic abc' }),
  'one image': post('{ image(id: "linode/debian12") { label eol } }'),
  'one image by variable': post('query One($id: ID!) { image(id: $id) { label } }', ALICE, {
    id: 'private/23849498',
  }),
  'aliases and fragments': post(
    'query A { a: image(id: "linode/debian12") { ...F } b: image(id: "linode/debian11") { ...F } } fragment F on Image { label }',
  ),
  'an image that does not exist': post('{ image(id: "private/999999") { label } }'),
  'a connected page': post('{ images(first: 5) { nodes { creator { username } linodes { totalCount } } } }'),
  'a forbidden edge': post('{ image(id: "private/23849498") { latestEvent { id } } }', {
    ...JSON_TYPE,
    authorization: 'Bearer alice-read',
  }),
  'every field': post(
    '{ images { edges { cursor node { id description created updated size type status } } pageInfo { hasNextPage endCursor } } }',
  ),
  introspection: post('{ __schema { queryType { name } } }'),
  'nothing but a type name': post('{ __typename }'),
  'another answer type': post(LIST, { ...ALICE, accept: 'application/graphql-response+json' }),
  'no acceptable type': post(LIST, { ...ALICE, accept: 'image/png' }),
  'an allowed origin': post(LIST, { ...ALICE, origin: 'https://app.example' }),
  'a strange origin': post(LIST, { ...ALICE, origin: 'https://evil.example' }),
  'no content type': post(LIST, { authorization: 'Bearer alice-full' }),
  'a form': post(LIST, { ...ALICE, 'content-type': 'application/x-www-form-urlencoded' }),
  'a charset': post(LIST, { ...ALICE, 'content-type': 'application/json; charset=utf-8' }),
  'a GET': get(LIST, { ...ALICE, 'apollo-require-preflight': '1' }),
  'a GET for what has changed': get(LIST, {
    ...ALICE,
    'apollo-require-preflight': '1',
    'if-none-match': '*',
  }),
  'a GET for what is new': get(LIST, {
    ...ALICE,
    'apollo-require-preflight': '1',
    'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT',
  }),
  'a compressed list': post(LONG_LIST, { ...ALICE, 'accept-encoding': 'gzip, deflate, br, zstd' }),
  'a compressed list by GET': get(LONG_LIST, { ...ALICE, 'accept-encoding': 'gzip' }),
  'a short list, compressed': get(LIST, { ...ALICE, 'accept-encoding': 'br, identity;q=0' }),
  'a list in no coding': get(LONG_LIST, { ...ALICE, 'accept-encoding': 'compress, identity;q=0' }),
  'a list that no tag names': get(LONG_LIST, { ...ALICE, 'accept-encoding': 'br', 'if-none-match': '"x"' }),
  'a list that any tag names': get(LONG_LIST, { ...ALICE, 'accept-encoding': 'br', 'if-none-match': '*' }),
  'a POST with a tag': post(LONG_LIST, { ...ALICE, 'if-none-match': '*' }),
  'a HEAD': { ...get(LONG_LIST, { ...ALICE, 'accept-encoding': 'br' }), method: 'HEAD' },
  'a GET without a token': get(LONG_LIST, { ...JSON_TYPE, 'accept-encoding': 'br' }),
  'a GET that might be forged': get(LIST, { authorization: 'Bearer alice-full' }),
  'a page of GraphiQL': get(LIST, { accept: 'text/html' }),
  'a mutation by GET': get('mutation { deleteImage(input: { id: "private/1" }) { deletedImageId } }', {
    ...ALICE,
    'apollo-require-preflight': '1',
  }),
  'no-cache': post(LIST, { ...ALICE, 'cache-control': 'no-cache' }),
  'an explanation': post(LIST, { ...ALICE, 'x-explain': '1' }),
  'a syntax error': post('{ images'),
  'an unknown field': post('{ images { nope } }'),
  'a bad argument': post('{ images(first: 501) { totalCount } }'),
  'no JSON': { method: 'POST', headers: ALICE, body: '{"query":' },
  'an empty body': { method: 'POST', headers: ALICE },
  'a batch': { method: 'POST', headers: ALICE, body: JSON.stringify([{ query: LIST }]) },
  'a preflight': {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
  },
  'another method': { method: 'PUT', headers: ALICE, body: '{}' },
  'another path': { ...post(LIST), path: '/nowhere' },
};

/** Sends it with nothing added but an ID and the body's length. */
export function send(
  { url }: TestGateway,
  { method = 'GET', path = '/graphql', headers = {}, body }: Raw,
): Promise<RawResponse> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const id = { 'x-request-id': 'the-same-for-both' };
    const request = httpRequest(
      { hostname, port, path, method, headers: { ...id, ...headers, ...length } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => {
          const headers = { ...response.headers, date: 'at any time' };
          resolve({ status: response.statusCode ?? 0, headers, body: text });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
