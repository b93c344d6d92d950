import { describe, expect, it } from '@jest/globals';
import { atDepth } from '../support/depth.js';
import { growAccount } from '../support/grownAccount.js';
import { LIST, startStack, type Stack } from '../support/stack.js';

const SECONDS = 60;
const CLIENTS = 50;
/** Each client sends a request so often, at a time of its own. */
const INTERVAL_MS = atDepth(5000, 2000);
/** Requests of all clients together. */
const PER_SECOND = CLIENTS / (INTERVAL_MS / 1000);
const TICK_MS = 250;
const MINUTE_MS = 60_000;

const FIRST_UNKNOWN = 900_000_000;
const UNKNOWN_VIEW = /^GET \/images\/private%2F9\d{8}$/;

const PAGE = `query ($offset: Int!) { images(first: 10, offset: $offset, filter: { isPublic: false }) { totalCount
  nodes { id label creator { username } latestEvent { action } linodes { totalCount } } } }`;
const VIEW_QUERY = 'query ($id: ID!) { image(id: $id) { id label status } }';
const LIST_QUERY =
  'query ($first: Int!) { images(first: $first, orderBy: [{ field: LABEL }]) { totalCount nodes { id label } } }';
const UPDATE =
  'mutation ($id: ID!, $label: String!) { updateImage(input: { id: $id, label: $label }) { image { id } userErrors { code } } }';

interface Request {
  kind: 'read' | 'write';
  query: string;
  variables: Record<string, unknown>;
}

/** What the clients received. */
interface Outcome {
  writes: number;
  /** Codes of errors of reads and of writes. */
  errors: Record<Request['kind'], unknown[]>;
  staleReads: number;
  reads: number;
}

/** A client's request number `n`, of which the clients together have sent `total`. */
type Plan = (client: number, n: number, total: number) => Request;

/** Runs the clients on simulated time. */
async function run({ gateway, clock }: Stack, token: string, plan: Plan): Promise<Outcome> {
  const outcome: Outcome = { writes: 0, reads: 0, errors: { read: [], write: [] }, staleReads: 0 };
  let total = 0;
  for (let ms = 0; ms < SECONDS * 1000; ms += TICK_MS) {
    const due = Array.from({ length: CLIENTS }, (_, client) => client).filter(
      (client) => ms % INTERVAL_MS === Math.floor((client * INTERVAL_MS) / CLIENTS / TICK_MS) * TICK_MS,
    );
    await Promise.all(
      due.map(async (client) => {
        const { kind, query, variables } = plan(client, Math.floor(ms / INTERVAL_MS), total++);
        const { errors, extensions } = await gateway.ask(query, { token, variables });
        outcome.errors[kind].push(...errors.map(({ extensions: { code } }) => code));
        if (kind === 'write') outcome.writes++;
        else outcome.reads++;
        if (extensions?.['stale'] !== undefined) outcome.staleReads++;
      }),
    );
    clock.advance(TICK_MS);
  }
  return outcome;
}

/** Calls of a kind in the busiest minute. */
function busiestMinute({ linode }: Stack, line: RegExp): number {
  const times = linode.requests.filter((request) => line.test(request.line)).map(({ at }) => at);
  return Math.max(
    0,
    ...times.map((at) => times.filter((other) => other >= at && other < at + MINUTE_MS).length),
  );
}

const refusals = ({ linode }: Stack): number => linode.requests.filter(({ status }) => status === 429).length;

describe('50 clients on one token', () => {
  const imageOf = (ids: readonly string[], n: number): string => ids[n % ids.length] ?? '';

  function readOf(ids: readonly string[], client: number, n: number): Request {
    const number = client * 31 + n;
    const reads: Request[] = [
      { kind: 'read', query: LIST_QUERY, variables: { first: 1 + (number % 40) } },
      { kind: 'read', query: VIEW_QUERY, variables: { id: imageOf(ids, number) } },
      { kind: 'read', query: PAGE, variables: { offset: (number % 4) * 10 } },
    ];
    return reads[(client + n) % reads.length] as Request;
  }

  const update = (id: string, n: number): Request => ({
    kind: 'write',
    query: UPDATE,
    variables: { id, label: `label-${n}` },
  });

  it.each<[string, (ids: readonly string[]) => Plan]>([
    [
      'lists, views and pages, and one write a second',
      (ids) => (client, n, total) =>
        total % PER_SECOND === 0 ? update(imageOf(ids, total), total) : readOf(ids, client, n),
    ],
    [
      'one request in ten a write to the same image',
      (ids) => (client, n, total) =>
        total % 10 === 0 ? update(imageOf(ids, 0), total) : readOf(ids, client, n),
    ],
    [
      'one view in five of an unknown ID, and one write a second',
      (ids) => (client, n, total) => {
        if (total % PER_SECOND === 0) return update(imageOf(ids, total), total);
        const read = readOf(ids, client, n);
        const isUnknown = read.query === VIEW_QUERY && (client + n) % 5 === 0;
        return isUnknown ? { ...read, variables: { id: `private/${FIRST_UNKNOWN + total}` } } : read;
      },
    ],
  ])('with %s: Linode refuses nothing, and the gateway neither', async (_, planOf) => {
    const stack = await startStack();
    const { token, imageIds } = growAccount(stack, 40);
    const outcome = await run(stack, token, planOf(imageIds));
    expect(outcome.errors).toEqual({ read: [], write: [] });
    expect(outcome.staleReads / outcome.reads).toBeLessThan(0.05);
    expect(busiestMinute(stack, LIST)).toBeLessThanOrEqual(15);
    expect(busiestMinute(stack, UNKNOWN_VIEW)).toBeLessThanOrEqual(40);
    expect(refusals(stack)).toBe(0);
  });
});
