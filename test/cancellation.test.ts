import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Cancellation, type CancelSignal } from '../src/cancellation.js';

type Step = { what: 'add' | 'remove' | 'abort'; listener: number; removes: number | undefined };

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('add', 'add', 'remove', 'abort'),
  listener: fc.nat(3),
  removes: fc.option(fc.nat(3), { nil: undefined }),
});

/** Which listeners are notified during the steps; a listener may remove another. */
function tell(steps: readonly Step[], controller: { signal: CancelSignal; abort(reason: Error): void }) {
  const told: string[] = [];
  const { signal } = controller;
  const listeners = [0, 1, 2, 3].map((i) => () => {
    told.push(`${i} ${signal.aborted} ${String((signal.reason as Error).message)}`);
    const { removes } = steps[i] ?? {};
    const other = removes === undefined ? undefined : listeners[removes];
    if (other) signal.removeEventListener('abort', other);
  });
  for (const [i, { what, listener }] of steps.entries()) {
    const chosen = listeners[listener] as () => void;
    if (what === 'add') signal.addEventListener('abort', chosen, { once: true });
    else if (what === 'remove') signal.removeEventListener('abort', chosen);
    else controller.abort(new Error(`reason ${i}`));
    try {
      signal.throwIfAborted();
      told.push('goes on');
    } catch (error) {
      told.push(`throws ${(error as Error).message}`);
    }
  }
  return told;
}

describe('a cancellation', () => {
  it('tells as an AbortController does', () => {
    let aborted = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const told = tell(steps, new Cancellation());
        if (told.some((line) => line.includes('true'))) aborted++;
        expect(told).toEqual(tell(steps, new AbortController()));
      }),
    );
    // Else no listener was ever told.
    expect(aborted).toBeGreaterThan(10);
  });

  it('tells all who listen although one of them throws, and then throws what that threw', () => {
    const cancellation = new Cancellation();
    const { signal } = cancellation;
    const abort = () => cancellation.abort(new Error('enough'));
    const told: string[] = [];
    const failing = (name: string) => () => {
      told.push(name);
      throw new Error(name);
    };
    signal.addEventListener('abort', failing('first'));
    signal.addEventListener('abort', () => told.push('second'));
    signal.addEventListener('abort', failing('third'));
    expect(abort).toThrow('first');
    expect(told).toEqual(['first', 'second', 'third']);
    expect(abort).not.toThrow();
  });
});
