import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { workerStack } from '../support/workerGateways.js';
import { until } from '../support/until.js';

const stack = workerStack();

const VIEW = '{ image(id: "private/23849731") { id label } }';
const LIST = '{ images(first: 3) { totalCount nodes { id creator { username } } } }';
const PLAIN_LIST = '{ images(first: 3) { totalCount nodes { id } } }';
const LINODES = '{ linodes(filter: { tag: "prod" }) { nodes { label } } }';
const CREATE =
  'mutation { createImage(input: { diskId: "109867812" }) { image { label } userErrors { message field code } } }';
const UPDATE =
  'mutation { updateImage(input: { id: "private/23849731", label: "x" }) { image { id } userErrors { message field code } } }';

const SCOPES = { 'X-Accepted-OAuth-Scopes': 'images:read_only', 'X-OAuth-Scopes': 'linodes:read_only' };

const refusal = (field: string, ...reasons: string[]) => ({
  status: 400,
  body: { errors: reasons.map((reason) => ({ reason, field })) },
});

const ROWS: Record<string, [query: string, fault: Fault]> = {
  'a list': [LIST, { times: 0 }],
  'an image': [VIEW, { times: 0 }],
  'no image': ['{ image(id: "private/1") { id } }', { times: 0 }],
  'an argument that is not acceptable': ['{ images(first: 0) { totalCount } }', { times: 0 }],
  'Linodes whose filter is refused': [LINODES, { ...refusal('X-Filter', 'Cannot filter on tags'), times: 1 }],
  'Linodes refused for another reason': [LINODES, refusal('page', 'Must be 1-3', 'Really')],
  'a 401 of a token': [LIST, { status: 401 }],
  'a 401 of a scope': [LIST, { status: 401, headers: SCOPES }],
  'a 403': [VIEW, { status: 403 }],
  'a 404 of a list': [LIST, { status: 404 }],
  'a 429': [VIEW, { status: 429, headers: { 'Retry-After': '30' } }],
  'a 500': [LIST, { status: 500 }],
  'a 503 of maintenance': [VIEW, { status: 503, headers: { 'X-MAINTENANCE-MODE': 'all, down' } }],
  HTML: [LIST, { html: true }],
  'an image of another shape': [VIEW, { body: { id: 7 } }],
  'Linodes of another shape': [LINODES, { body: { data: [{ id: 'x' }], page: 1, pages: 1, results: 1 } }],
  'a write': [UPDATE, { times: 0 }],
  'a write that is refused': [CREATE, refusal('disk_id', 'Not that one', 'Nor another')],
  'a write that finds nothing': [UPDATE, { status: 404 }],
  'a write that is forbidden': [CREATE, { status: 401, headers: SCOPES }],
  'a write that gets a 500': [UPDATE, { status: 500 }],
  'a write whose answer is lost': [UPDATE, { reset: 'after' }],
};

async function answerOf({ ask }: TestGateway, query: string) {
  // Bodies name the request.
  const headers = { 'x-explain': '1', 'x-request-id': 'the-same' };
  const { status, headers: told, body } = await ask(query, { token: 'alice-full', headers });
  // Both gateways call Linode with one token, so that the second has one call less.
  const parsed = JSON.parse(body, (key, value: unknown) => (key === 'budgetLeft' ? null : value)) as unknown;
  return { status, body: parsed, cacheControl: told.get('cache-control') };
}

/** A gateway that is its whole process. */
const startAlone = () => startTestGateway({ linodeApiUrl: stack.linode.url, clock: stack.clock });

describe.each([0, 1] as const)('worker %d answers as one process alone, explanation included', (i) => {
  it.each(Object.entries(ROWS))('%s', async (_, [query, fault]) => {
    const alone = await startAlone();
    stack.linode.fault({ ...fault });
    const expected = await answerOf(alone, query);
    await alone.close();
    stack.linode.clearFaults();
    stack.linode.fault({ ...fault });
    expect(await answerOf(stack.gateways[i], query)).toEqual(expected);
    expect(stack.gateways[i].bugs).toEqual([]);
  });

  it.each([
    ['a read', VIEW],
    ['a write', UPDATE],
  ])('%s that is never answered', async (_, query) => {
    const alone = await startAlone();
    stack.linode.fault({ hang: true });
    const answers = [alone, stack.gateways[i]].map((gateway) => answerOf(gateway, query));
    await until(() => stack.linode.requests.length === 2, 'two upstream requests');
    stack.clock.advance(10_000);
    const [expected, answer] = await Promise.all(answers);
    expect(answer).toEqual(expected);
    await alone.close();
  });

  it('a refresh that is never answered, with what is known, and the next ones at once', async () => {
    const alone = await startAlone();
    const both = [alone, stack.gateways[i]];
    const ask = () => both.map((gateway) => answerOf(gateway, PLAIN_LIST));
    await Promise.all(ask());
    stack.clock.advance(60_000);
    stack.linode.fault({ hang: true });
    const asked = stack.linode.requests.length;
    const first = ask();
    await until(() => stack.linode.requests.length === asked + 2, 'two more upstream requests');
    stack.clock.advance(10_000);
    for (const answers of [await Promise.all(first), await Promise.all(ask())]) {
      const [expected, answer] = answers;
      expect(answer).toEqual(expected);
      expect(answer?.body).toMatchObject({ extensions: { stale: { ageSeconds: 70 } } });
    }
    expect(stack.linode.requests).toHaveLength(asked + 2);
    await alone.close();
  });
});
