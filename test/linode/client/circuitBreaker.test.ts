import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { CircuitBreaker } from '../../../src/linode/client/circuitBreaker.js';
import {
  LinodeRefused,
  LinodeTimeout,
  LinodeUnavailable,
  OperationAborted,
} from '../../../src/linode/errors.js';
import { atDepth } from '../../support/depth.js';
import { manualClock, type ManualClock } from '../../support/manualClock.js';

let clock: ManualClock;
let breaker: CircuitBreaker;

beforeEach(() => {
  clock = manualClock();
  // Cockatiel has no clock of its own.
  jest.spyOn(Date, 'now').mockImplementation(() => clock.now());
  breaker = new CircuitBreaker(clock);
});

afterEach(() => {
  jest.restoreAllMocks();
});

const facts = { method: 'GET', path: '/images' };
const serverError = () => new LinodeUnavailable('Linode responded with 500', { ...facts, status: 500 });
const reset = () => new LinodeUnavailable('Linode could not be reached', facts);
const timeout = () => new LinodeTimeout('Linode did not respond in time', facts);
const notFound = () => new LinodeRefused('Linode responded with 404', { ...facts, status: 404 });

/** What a call comes to: `ok`, `refused` if it was not made, else `failed`. */
async function call(caller: string, readKey: string | null, error?: Error): Promise<string> {
  let isMade = false;
  try {
    await breaker.run(caller, facts, readKey, async () => {
      isMade = true;
      await Promise.resolve();
      if (error) throw error;
    });
    return 'ok';
  } catch (thrown) {
    if (isMade) return 'failed';
    expect(thrown).toBeInstanceOf(LinodeUnavailable);
    expect(thrown).toMatchObject({ sent: false, isWorthRetry: false });
    return 'refused';
  }
}

const count = (outcomes: readonly string[], outcome: string): number =>
  outcomes.filter((one) => one === outcome).length;

describe('one caller whose calls fail', () => {
  it.each([
    ['500s', serverError],
    ['resets', reset],
    ['timeouts', timeout],
  ])('with %s of one image keeps all its other calls', async (_, error) => {
    const outcomes: string[] = [];
    for (let i = 0; i < 200; i++) {
      outcomes.push(await call('alice', 'broken', error()));
      expect(await call('alice', 'list')).toBe('ok');
      expect(await call('alice', null)).toBe('ok');
      expect(await call('bob', 'list')).toBe('ok');
      clock.advance(50);
    }
    expect(count(outcomes, 'failed')).toBeLessThan(25);
    // One more may be let through to try it.
    await call('alice', 'broken', error());
    expect(await call('alice', 'broken')).toBe('refused');
    clock.advance(2000);
    expect(await call('alice', 'broken')).toBe('ok');
    expect(await call('alice', 'broken', error())).toBe('failed');
  });

  it('with 500s of everything has its reads refused, its writes made, and no one else notices', async () => {
    const outcomes: string[] = [];
    for (let i = 0; i < 300; i++) {
      outcomes.push(await call('alice', `image ${i}`, serverError()));
      expect(await call('alice', null, serverError())).toBe('failed');
      expect(await call('bob', 'list')).toBe('ok');
      expect(await call('bob', null)).toBe('ok');
      clock.advance(10);
    }
    expect(count(outcomes, 'failed')).toBeLessThan(35);
    expect(breaker.isOpen).toBe(false);
    clock.advance(5001);
    expect(await call('alice', 'image 1')).toBe('ok');
    expect(await call('alice', 'image 2')).toBe('ok');
  });

  it('with thirty hanging calls holds no more than its share of connections, and others do not wait', async () => {
    let hanging = 0;
    const ends: (() => void)[] = [];
    const calls = Array.from({ length: 30 }, (_, i) =>
      breaker
        .run('alice', facts, `image ${i}`, () => {
          hanging++;
          return new Promise((__, reject) => ends.push(() => reject(timeout())));
        })
        .catch((error: unknown) => error),
    );
    await call('bob', 'list');
    expect(hanging).toBe(24);
    let isStarted = false;
    const started = breaker.run('bob', facts, 'list', () => {
      isStarted = true;
      return Promise.resolve();
    });
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(isStarted).toBe(true);
    await started;
    clock.advance(10_000);
    while (ends.length > 0) {
      ends.shift()?.();
      await call('bob', 'list');
    }
    await Promise.all(calls);
    expect(await call('bob', 'list')).toBe('ok');
    expect(await call('carol', null)).toBe('ok');
  });

  it('affects none of 19 others, in whatever way it fails and whatever they do', async () => {
    const aStep = fc.record({
      caller: fc.nat(19),
      path: fc.constantFrom('list', 'image 1', 'image 2', 'image 3', 'events', 'users', 'regions', null),
      ms: fc.nat(400),
      failure: fc.constantFrom(serverError, reset, timeout, () => new OperationAborted('left')),
      repeat: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 20, maxLength: 120 }), async (steps) => {
        breaker = new CircuitBreaker(clock);
        for (const { caller, path, ms, failure, repeat } of steps) {
          clock.advance(ms);
          for (let i = 0; i < repeat; i++) await call('caller 0', path && `${path} ${i}`, failure());
          if (caller === 0) continue;
          // A 404 is a good response, too.
          const error = ms % 3 === 0 ? notFound() : undefined;
          expect(await call(`caller ${caller}`, path, error)).toBe(error ? 'failed' : 'ok');
        }
        expect(breaker.isOpen).toBe(false);
      }),
      { numRuns: atDepth(15, 150) },
    );
  });
});

describe('several callers whose calls fail', () => {
  const callers = Array.from({ length: 10 }, (_, i) => `caller ${i}`);

  it('open the circuit for all, writes included, and it closes again by one good call', async () => {
    for (let i = 0; i < 9; i++)
      for (const each of ['a', 'b', 'c']) await call(each, `image ${i}`, serverError());
    expect(breaker.isOpen).toBe(true);
    expect(await call('d', 'list')).toBe('refused');
    expect(await call('d', null)).toBe('refused');
    clock.advance(5001);
    expect(await call('d', null)).toBe('ok');
    expect(breaker.isOpen).toBe(false);
    expect(await call('e', 'list')).toBe('ok');
  });

  it('are no outage while most others succeed', async () => {
    for (let i = 0; i < 100; i++) {
      for (const each of callers) {
        const isFailing = ['caller 0', 'caller 1', 'caller 2', 'caller 3'].includes(each);
        await call(each, `image ${i % 20}`, isFailing ? serverError() : undefined);
      }
      clock.advance(20);
    }
    expect(breaker.isOpen).toBe(false);
  });

  it('are no outage when one of them makes nearly all of the failing calls', async () => {
    for (let i = 0; i < 200; i++) await call('a', `image ${i}`, serverError());
    for (const each of ['b', 'c']) await call(each, 'image', serverError());
    expect(breaker.isOpen).toBe(false);
  });

  it('E1: fail for a minute at 200 calls a second, of which Linode gets two a second, and recover within 5 s', async () => {
    let made = 0;
    let madeWhenOpen: number | undefined;
    for (let i = 0; i < 60 * 200; i++) {
      const outcome = await call(callers[i % 10] ?? '', `image ${i % 7}`, serverError());
      if (outcome === 'failed') made++;
      if (breaker.isOpen) madeWhenOpen ??= made;
      if (i === 200) expect(breaker.isOpen).toBe(true);
      clock.advance(5);
    }
    expect(madeWhenOpen).toBeLessThan(60);
    expect(made - (madeWhenOpen ?? 0)).toBeLessThanOrEqual(2 * 60);
    for (let i = 0; i < 5 * 200; i++) {
      await call(callers[i % 10] ?? '', `image ${i % 7}`);
      clock.advance(5);
    }
    const outcomes = await Promise.all(callers.map((each) => call(each, 'image 1')));
    expect(new Set(outcomes)).toEqual(new Set(['ok']));
  });

  it('keep the circuit open when the call that was let through is cancelled', async () => {
    for (let i = 0; i < 9; i++) for (const each of ['a', 'b', 'c']) await call(each, `image ${i}`, timeout());
    clock.advance(5001);
    expect(await call('d', 'list', new OperationAborted('left'))).toBe('failed');
    expect(breaker.isOpen).toBe(true);
    expect(await call('d', 'list')).toBe('refused');
  });
});
