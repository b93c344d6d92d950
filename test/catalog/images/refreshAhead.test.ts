import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leadAgeMs } from '../../../src/catalog/images/refreshAhead.js';
import { startStack, LIST, type Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

const ALICE = { token: 'alice-full' };
/** When a list of 5 s is refreshed, with the tests' `random`. */
const DUE_MS = 4600;

interface Images {
  images: { totalCount: number };
}

/** Different queries, whatever answers them. */
async function read({ gateway }: Stack, times: number): Promise<(string | null)[]> {
  const caches: (string | null)[] = [];
  for (let i = 0; i < times; i++) {
    const { errors, headers } = await gateway.ask<Images>(
      `{ images(first: ${i + 1}) { totalCount } }`,
      ALICE,
    );
    expect(errors).toEqual([]);
    caches.push(/cache;desc="(.*)"/.exec(headers.get('server-timing') ?? '')?.[1] ?? null);
  }
  return caches;
}

const lists = ({ linode }: Stack): number => linode.count(LIST);
/** No operation waits for it, so there is nothing else to wait for. */
const untilListed = async (at: Stack, times: number): Promise<void> => {
  await until(() => lists(at) === times, 'the list calls');
  await until(
    () => at.gateway.upstreamCalls.filter(({ kind }) => kind === 'list').length === times,
    'the responses to the list calls',
  );
};

describe('a list that many read', () => {
  it('is refreshed before it expires, while it is still served', async () => {
    const at = await startStack();
    await read(at, 6);
    at.clock.advance(DUE_MS);
    expect(await read(at, 3)).toEqual(['hit', 'hit', 'hit']);
    await untilListed(at, 2);
    at.clock.advance(1000);
    expect(await read(at, 1)).toEqual(['hit']);
    expect(lists(at)).toBe(2);
  });

  it('is refreshed for the same query over and over too', async () => {
    const at = await startStack();
    const ask = () => at.gateway.ask('{ images { totalCount } }', ALICE);
    for (let i = 0; i < 8; i++) await ask();
    at.clock.advance(DUE_MS);
    for (let i = 0; i < 3; i++) await ask();
    await untilListed(at, 2);
    at.clock.advance(1000);
    expect((await ask()).headers.get('server-timing')).toContain('"hit"');
    expect(lists(at)).toBe(2);
  });

  it('shows what is new as soon as it has come', async () => {
    const at = await startStack();
    await read(at, 6);
    at.linode.putImage('alice-full', { label: 'new' });
    at.clock.advance(DUE_MS);
    const { data } = await at.gateway.ask<Images>('{ images { totalCount } }', ALICE);
    await untilListed(at, 2);
    const { data: then } = await at.gateway.ask<Images>('{ images { totalCount } }', ALICE);
    expect(then.images.totalCount).toBe(data.images.totalCount + 1);
  });

  it('is refreshed once, however that ends, and the operation that finds it expired gets the error', async () => {
    const at = await startStack();
    await read(at, 6);
    at.linode.fault({ path: '/images', times: 1, status: 500 });
    at.clock.advance(DUE_MS);
    expect(await read(at, 4)).toEqual(['hit', 'hit', 'hit', 'hit']);
    await untilListed(at, 2);
    expect(await read(at, 4)).toEqual(['hit', 'hit', 'hit', 'hit']);
    at.clock.advance(500);
    expect(await read(at, 1)).toEqual(['stale']);
    at.clock.advance(1000);
    expect(await read(at, 1)).toEqual(['miss']);
    expect(lists(at)).toBe(3);
  });

  it('is the one that readers get who find the last one too old meanwhile', async () => {
    const at = await startStack();
    await read(at, 6);
    let release = (): void => undefined;
    at.linode.fault({
      path: '/images',
      times: 1,
      after: new Promise<void>((resolve) => (release = resolve)),
    });
    at.clock.advance(DUE_MS);
    await read(at, 1);
    await until(() => lists(at) === 2, 'a second list call');
    at.clock.advance(500);
    const late = read(at, 1);
    release();
    // A miss where it came first, and waited; else a hit.
    expect(['hit', 'miss']).toContain((await late)[0]);
    expect(lists(at)).toBe(2);
  });

  it('drops everything when the token is refused', async () => {
    const at = await startStack();
    await read(at, 6);
    at.linode.fault({
      path: '/images',
      times: 1,
      status: 401,
      body: { errors: [{ reason: 'Invalid Token' }] },
    });
    at.clock.advance(DUE_MS);
    await read(at, 1);
    await untilListed(at, 2);
    const { errors } = await at.gateway.ask('{ images { totalCount } }', ALICE);
    expect(errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('leaves the last call of the budget to whom waits for it', async () => {
    const at = await startStack();
    const how = { ...ALICE, headers: { 'cache-control': 'no-cache' } };
    for (let i = 0; i < 14; i++) await at.gateway.ask('{ images { totalCount } }', how);
    await read(at, 6);
    at.clock.advance(DUE_MS);
    await read(at, 6);
    at.clock.advance(500);
    expect(await read(at, 1)).toEqual(['miss']);
    expect(lists(at)).toBe(15);
  });
});

describe('a list that is not refreshed before it expires', () => {
  it('is one that few read', async () => {
    const at = await startStack();
    await read(at, 4);
    at.clock.advance(5000);
    expect(await read(at, 1)).toEqual(['hit']);
    at.clock.advance(1);
    expect(await read(at, 1)).toEqual(['miss']);
    expect(lists(at)).toBe(2);
  });

  it('is one of several pages, which come as often as the budget allows', async () => {
    const at = await startStack();
    for (let i = 0; i < 600; i++) at.linode.putImage('alice-full', { label: `image-${i}` });
    await read(at, 6);
    at.clock.advance(8000);
    expect(await read(at, 6)).not.toContain('miss');
    expect(lists(at)).toBe(2);
  });

  it('is one that is too old already, whatever else is read from memory', async () => {
    const at = await startStack();
    await read(at, 6);
    at.clock.advance(6000);
    const one = () => at.gateway.ask('{ image(id: "linode/debian12") { label } }', ALICE);
    for (let i = 0; i < 8; i++) await one();
    expect(lists(at)).toBe(1);
  });
});

it('comes at another moment each time, a little before the list is too old', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e7 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (maxAgeMs, at) => {
        const ageMs = leadAgeMs(maxAgeMs, () => at);
        expect(ageMs).toBeGreaterThanOrEqual(maxAgeMs * 0.879);
        expect(ageMs).toBeLessThanOrEqual(maxAgeMs * 0.961);
      },
    ),
  );
});
