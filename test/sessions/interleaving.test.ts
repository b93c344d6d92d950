import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Clock } from '../../src/clock.js';
import type { LoginServer, TokenPair } from '../../src/sessions/loginServer.js';
import { LoginServerError } from '../../src/sessions/loginServerError.js';
import { MemorySessionStore } from '../../src/sessions/memoryStore.js';
import { Refresher } from '../../src/sessions/refresher.js';
import { Sealer } from '../../src/sessions/sealer.js';
import { firstData, type SessionData } from '../../src/sessions/sessionData.js';
import { StoredSessions } from '../../src/sessions/storedSessions.js';
import { atDepth } from '../support/depth.js';

const KEY = 'key';
const SCOPES = ['images:read_only'];
const LIFETIME_MS = 7_200_000;

type Outcome = 'success' | 'lost' | 'unavailable';

/** Three processes use one session at once; every step of theirs may come before or after any step of the others. */
it('one of several processes refreshes, and all use what it stored, in every order of their steps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.constantFrom<Outcome>('success', 'lost', 'unavailable'),
      fc.boolean(),
      async (scheduler, outcome, isSignedOut) => {
        let nowMs = 0;
        const clock: Clock = {
          now: () => nowMs,
          after(ms, callback) {
            let isCancelled = false;
            void scheduler.schedule(Promise.resolve(), 'time').then(() => {
              if (isCancelled) return;
              nowMs += ms;
              callback();
            });
            return () => (isCancelled = true);
          },
        };
        const plain = new MemorySessionStore(clock);
        const stored = new StoredSessions(plain, new Sealer(['s'.repeat(32)]), clock, {
          idleMs: 1e12,
          maxMs: 1e12,
        });
        const sent: string[] = [];
        const revoked: string[] = [];
        let issued = 1;
        const pair = (version: number): TokenPair => ({
          accessToken: `access ${version}`,
          refreshToken: `refresh ${version}`,
          issuedAt: nowMs,
          expiresAt: nowMs + LIFETIME_MS,
          scopes: SCOPES,
        });
        const login = {
          refresh: scheduler.scheduleFunction(async (token: string) => {
            sent.push(token);
            if (outcome !== 'success') throw new LoginServerError(outcome, '');
            return pair(++issued);
          }),
        } as unknown as LoginServer;
        await stored.create(KEY, firstData(pair(1), 'alice', 1e12), 'owner');
        nowMs = LIFETIME_MS * 0.9;

        const slow = new StoredSessions(
          {
            get: scheduler.scheduleFunction((key: string) => plain.get(key)),
            create: plain.create.bind(plain),
            replace: scheduler.scheduleFunction((...args: Parameters<typeof plain.replace>) =>
              plain.replace(...args),
            ),
            touch: plain.touch.bind(plain),
            delete: scheduler.scheduleFunction((key: string) => plain.delete(key)),
            close: async () => undefined,
          },
          new Sealer(['s'.repeat(32)]),
          clock,
          { idleMs: 1e12, maxMs: 1e12 },
        );
        const refresherOfProcess = () =>
          new Refresher({
            sessions: slow,
            login,
            clock,
            timeoutMs: 10_000_000,
            onProblem: () => undefined,
            revokeLater: (token) => revoked.push(token),
          });
        const use = async (refresher: Refresher): Promise<SessionData | undefined> => {
          const found = await slow.read(KEY);
          return found && (await refresher.refresh(found))?.data;
        };
        const processes = [refresherOfProcess(), refresherOfProcess(), refresherOfProcess()];
        const uses = Promise.all(processes.flatMap((each) => [use(each), use(each)]));
        const signOut = isSignedOut ? slow.delete(KEY) : Promise.resolve();
        const results = await scheduler.waitFor(uses);
        await scheduler.waitFor(signOut);
        for (const each of processes) await scheduler.waitFor(each.settled());

        // No refresh token is sent twice, unless the login server said that it did not take it.
        if (outcome !== 'unavailable') expect(sent.length).toBeLessThanOrEqual(1);
        const left = (await stored.read(KEY))?.data;
        for (const result of results.filter((each) => each !== undefined)) {
          if (outcome === 'success')
            expect(result).toMatchObject({ tokenVersion: 2, accessToken: 'access 2' });
          if (outcome === 'unavailable') expect(result.accessToken).toBe('access 1');
        }
        if (isSignedOut) {
          expect(left).toBeUndefined();
          // A pair that no process holds any more is revoked.
          const isOrphaned = issued === 2 && results.every((each) => each === undefined);
          if (isOrphaned) expect(revoked).toContain('access 2');
        } else if (outcome === 'success') {
          expect(left).toMatchObject({ tokenVersion: 2 });
          expect(left?.refreshingUntil).toBeUndefined();
          expect(results.every((each) => each?.tokenVersion === 2)).toBe(true);
        } else if (outcome === 'lost') {
          expect(left).toBeUndefined();
          expect(results.every((each) => each === undefined)).toBe(true);
        } else {
          expect(left?.refreshingUntil).toBeUndefined();
        }
      },
    ),
    { numRuns: atDepth(300, 5000) },
  );
});
