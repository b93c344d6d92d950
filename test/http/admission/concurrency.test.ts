import { setMaxListeners } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { startStack, LIST } from '../../support/stack.js';
import { until } from '../../support/until.js';

const QUERY = '{ images { totalCount } }';

/** A gate that opens when told, and tells when a request waits at it. */
function gate() {
  let open = (): void => undefined;
  let arrived = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => (open = resolve));
  const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
  return {
    open: () => open(),
    arrived: hasArrived,
    pass: async () => {
      arrived();
      await isOpen;
    },
  };
}

describe('concurrent operations', () => {
  it('beyond the limit are refused with Retry-After', async () => {
    const { gateway, linode } = await startStack({ gateway: { protection: { maxConcurrentOperations: 1 } } });
    const list = gate();
    linode.fault({ path: '/images', times: 1, before: list.pass });
    const first = gateway.ask(QUERY, { token: 'alice-full' });
    await list.arrived;
    const { status, headers, errors } = await gateway.ask(QUERY, { token: 'bob-full' });
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(errors[0]?.extensions).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 1 });
    list.open();
    expect((await first).errors).toEqual([]);
    expect((await gateway.ask(QUERY, { token: 'bob-full' })).status).toBe(200);
  });

  it('that only wait for a fetch of another one are not counted: a stampede of 300 passes a limit of 2', async () => {
    const { gateway, linode } = await startStack({ gateway: { protection: { maxConcurrentOperations: 2 } } });
    const list = gate();
    linode.fault({ path: '/images', times: 1, before: list.pass });
    const first = gateway.ask(QUERY, { token: 'alice-full' });
    await list.arrived;
    const others = Array.from({ length: 300 }, () => gateway.ask(QUERY, { token: 'alice-full' }));
    // One of another caller, once they all wait: its turn comes after theirs.
    const bob = await gateway.ask(QUERY, { token: 'bob-full' });
    expect(bob.status).toBe(200);
    list.open();
    const answers = await Promise.all([first, ...others]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(linode.count(LIST)).toBe(2);
  });

  it('give their place back when their client leaves', async () => {
    const { gateway, linode } = await startStack({ gateway: { protection: { maxConcurrentOperations: 1 } } });
    const list = gate();
    linode.fault({ path: '/images', times: 1, before: list.pass });
    const client = new AbortController();
    const left = gateway.ask(QUERY, { token: 'alice-full', signal: client.signal }).catch(() => 'left');
    await list.arrived;
    client.abort();
    expect(await left).toBe('left');
    // The gateway learns of it a moment later.
    await until(async () => {
      const { status } = await gateway.ask(QUERY, { token: 'bob-full' });
      if (status !== 503) expect(status).toBe(200);
      return status === 200;
    }, 'a place for another operation');
    list.open();
  });

  it('give their places back, and their calls up, when a client leaves that did not wait between requests', async () => {
    const tokens = ['alice-full', 'bob-full', 'carol-restricted'];
    const { gateway, linode } = await startStack({
      gateway: { protection: { maxConcurrentOperations: tokens.length } },
    });
    const repair = linode.fault({ hang: true });
    const client = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const body = JSON.stringify({ query: QUERY });
    for (const token of tokens) {
      client.write(
        `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    }
    await until(() => linode.count(LIST) === tokens.length, 'a list call for each token');
    client.destroy();
    await until(() => gateway.requests.length === tokens.length, 'the end of a request for each token');
    await until(
      () => gateway.upstreamCalls.length === tokens.length,
      'the end of an upstream call for each token',
    );
    expect(gateway.requests.map(({ status }) => status)).toEqual([null, null, null]);
    repair();
    expect((await gateway.ask(QUERY, { token: 'alice-full' })).status).toBe(200);
  });

  it.each([1, 2, 4])('of %s callers that hang leave room for those of another one', async (callers) => {
    const maxConcurrentOperations = 100;
    const { gateway, linode } = await startStack({ gateway: { protection: { maxConcurrentOperations } } });
    const tokens = Array.from({ length: callers }, (_, i) => `hanging-${i}`);
    for (const token of tokens) linode.fault({ token, hang: true });
    const client = new AbortController();
    setMaxListeners(0, client.signal);
    let refused = 0;
    const hanging = tokens.flatMap((token) =>
      Array.from({ length: maxConcurrentOperations }, async (_, i) => {
        const how = { token, signal: client.signal };
        const { status } = await gateway.ask(`{ linode(id: "${i + 1}") { id } }`, how);
        expect(status).toBe(503);
        refused++;
      }).map((one) => one.catch(() => undefined)),
    );
    const isBelowLimit = () => callers * maxConcurrentOperations - refused < maxConcurrentOperations;
    await until(isBelowLimit, 'refusals beyond their share', 60_000);
    for (const token of ['bob-full', null]) {
      expect((await gateway.ask(QUERY, { token })).status).toBe(200);
    }
    client.abort();
    await Promise.all(hanging);
    await until(async () => (await gateway.ask(QUERY, { token: 'alice-full' })).status === 200, 'an end');
  });
});
