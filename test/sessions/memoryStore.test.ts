import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemorySessionStore } from '../../src/sessions/memoryStore.js';
import { manualClock } from '../support/manualClock.js';

const HOUR_MS = 3_600_000;

it('holds 10,000 sessions, and evicts the least recently used one', async () => {
  const store = new MemorySessionStore(manualClock());
  for (let i = 0; i < 10_000; i++) await store.create(`${i}`, 'x', HOUR_MS, `owner ${i}`);
  await store.get('0');
  for (let i = 10_000; i < 12_500; i++) await store.create(`${i}`, 'x', HOUR_MS, `owner ${i}`);
  expect(store.size).toBe(10_000);
  expect(await store.get('0')).toBe('x');
  expect(await store.get('1')).toBeUndefined();
  expect(await store.get('12499')).toBe('x');
});

it('lets no user displace the sessions of others by signing in often', async () => {
  const store = new MemorySessionStore(manualClock(), 100);
  await store.create('of another', 'x', HOUR_MS, 'another');
  for (let i = 0; i < 1000; i++) await store.create(`${i}`, 'x', HOUR_MS, 'one');
  expect(store.size).toBe(51);
  expect(await store.get('of another')).toBe('x');
  expect(await store.get('949')).toBeUndefined();
  expect(await store.get('950')).toBe('x');
});

/** Against a model: a map of values with the time of their end. */
it('behaves like a map whose entries end', async () => {
  const key = fc.constantFrom('a', 'b');
  const value = fc.constantFrom('1', '2', '3');
  const ttl = fc.integer({ min: 1, max: 100 });
  const command = fc.oneof(
    fc.record({ kind: fc.constant('create' as const), key, value, ttl }),
    fc.record({ kind: fc.constant('replace' as const), key, expected: value, value, ttl }),
    fc.record({ kind: fc.constant('touch' as const), key, ttl }),
    fc.record({ kind: fc.constant('delete' as const), key }),
    fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 60 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 30 }), async (commands) => {
      const clock = manualClock();
      const store = new MemorySessionStore(clock);
      const model = new Map<string, { value: string; endsAt: number }>();
      const present = (name: string) => {
        const found = model.get(name);
        return found && clock.now() <= found.endsAt ? found : undefined;
      };
      for (const each of commands) {
        if (each.kind === 'advance') clock.advance(each.ms);
        else if (each.kind === 'create') {
          model.set(each.key, { value: each.value, endsAt: clock.now() + each.ttl });
          await store.create(each.key, each.value, each.ttl, 'owner');
        } else if (each.kind === 'replace') {
          const canReplace = present(each.key)?.value === each.expected;
          if (canReplace) model.set(each.key, { value: each.value, endsAt: clock.now() + each.ttl });
          expect(await store.replace(each.key, each.expected, each.value, each.ttl)).toBe(canReplace);
        } else if (each.kind === 'touch') {
          const found = present(each.key);
          if (found) found.endsAt = clock.now() + each.ttl;
          await store.touch(each.key, each.ttl);
        } else {
          model.delete(each.key);
          await store.delete(each.key);
        }
        for (const name of ['a', 'b']) expect(await store.get(name)).toBe(present(name)?.value);
      }
    }),
  );
});
