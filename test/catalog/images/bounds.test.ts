import { describe, expect, it } from '@jest/globals';
import { Catalogs } from '../../../src/catalog/catalogs.js';
import { callerOf } from '../../../src/linode/caller.js';
import { CircuitBreaker } from '../../../src/linode/client/circuitBreaker.js';
import { RateBudgets } from '../../../src/linode/client/rateBudgets.js';
import { RetryBudget } from '../../../src/linode/client/retry.js';
import type { Transport } from '../../../src/linode/client/wire.js';
import { atDepth } from '../../support/depth.js';
import { manualClock } from '../../support/manualClock.js';
import { wireImage } from '../../support/wireImage.js';

const MEGABYTE = 1024 * 1024;
const CALLERS = atDepth(1000, 10_000);

/** Answers every token 40 public images, the same for all, and 50 private ones of its own. */
const transport: Transport = {
  send({ headers }) {
    const owner = headers['authorization'] ?? '';
    const image = (id: string, isPublic: boolean): object =>
      wireImage({
        id,
        label: isPublic ? `Public ${id}` : `${owner} ${id}`,
        description: isPublic ? '' : 'x'.repeat(100),
        created_by: isPublic ? 'linode' : owner,
        is_public: isPublic,
      });
    const data = [
      ...Array.from({ length: 40 }, (_, i) => image(`linode/os${i}`, true)),
      ...Array.from({ length: 50 }, (_, i) => image(`private/${i + 1}`, false)),
    ];
    const body = JSON.stringify({ data, page: 1, pages: 1, results: data.length });
    return Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body });
  },
  close: () => Promise.resolve(),
};

function catalogsOf(limits: { maxCallers: number; maxBytes: number }) {
  const clock = manualClock();
  const parts = {
    transport,
    circuitBreaker: new CircuitBreaker(clock),
    rateBudgets: new RateBudgets(clock),
    retryBudget: new RetryBudget(clock),
    clock,
    random: () => 0.5,
    userAgent: 'test',
  };
  const settings = {
    maxAgeMs: 5000,
    anonymousMaxAgeMs: 60_000,
    staleIfErrorMs: 600_000,
    requestTimeoutMs: 10_000,
  };
  const catalogs = new Catalogs(parts, { ...settings, ...limits });
  const { signal } = new AbortController();
  const list = async (token: string) => {
    const caller = callerOf(token);
    const images = await catalogs
      .of(caller)
      .list(catalogs.reading({ deadlineAt: Infinity, signal }, undefined));
    return images;
  };
  return { catalogs, clock, list };
}

describe('the memory of catalogs', () => {
  it(`stays under the byte bound with ${CALLERS} callers of 50 private images each`, async () => {
    const maxBytes = CALLERS * 26_000;
    const { catalogs, list } = catalogsOf({ maxCallers: 20_000, maxBytes });
    let most = 0;
    for (let i = 0; i < CALLERS; i++) {
      await list(`token-${i}`);
      most = Math.max(most, catalogs.usage.bytes);
    }
    expect(most).toBeLessThanOrEqual(maxBytes);
    expect(catalogs.usage.callers).toBeGreaterThan(CALLERS / 10);
    expect(catalogs.usage.callers).toBeLessThan(CALLERS);
    catalogs.close();
  }, 60_000);

  it('keeps a catalog that is larger than the limit, and no other, so that its readers need not list each time', async () => {
    const { catalogs, list } = catalogsOf({ maxCallers: 10, maxBytes: 10_000 });
    await list('small');
    await list('large');
    expect(catalogs.of(callerOf('large')).images).toHaveLength(90);
    expect(catalogs.usage.callers).toBe(1);
    catalogs.close();
  });

  it('lets the least recently used caller go first', async () => {
    const { catalogs, list } = catalogsOf({ maxCallers: 2, maxBytes: 256 * MEGABYTE });
    await list('first');
    await list('second');
    await list('first');
    await list('third');
    expect(catalogs.of(callerOf('first')).images).toHaveLength(90);
    expect(catalogs.of(callerOf('third')).images).toHaveLength(90);
    expect(catalogs.of(callerOf('second')).images).toHaveLength(0);
    catalogs.close();
  });

  it('drops a caller that has been idle for 15 minutes', async () => {
    const { catalogs, clock, list } = catalogsOf({ maxCallers: 10, maxBytes: 256 * MEGABYTE });
    await list('idle');
    await list('busy');
    for (let minute = 0; minute < 16; minute++) {
      clock.advance(60_000);
      await list('busy');
    }
    expect(catalogs.usage.callers).toBe(1);
    expect(catalogs.of(callerOf('busy')).images).toHaveLength(90);
    catalogs.close();
  });

  it('holds identical public images once, and private ones for each caller', async () => {
    const { catalogs, list } = catalogsOf({ maxCallers: 10, maxBytes: 256 * MEGABYTE });
    const [a, b] = [await list('a'), await list('b')];
    expect(a.map((image, i) => image === b[i])).toEqual(a.map(({ is_public }) => is_public));
    expect(a).toHaveLength(90);
    catalogs.close();
  });

  it('keeps the same images, array and version while Linode tells nothing new', async () => {
    const { catalogs, clock, list } = catalogsOf({ maxCallers: 10, maxBytes: 256 * MEGABYTE });
    const first = await list('a');
    const { version } = catalogs.of(callerOf('a'));
    clock.advance(6000);
    expect(await list('a')).toBe(first);
    expect(catalogs.of(callerOf('a')).version).toBe(version);
    catalogs.close();
  });
});
