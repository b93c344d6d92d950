import { spawnSync } from 'node:child_process';
import { afterEach } from '@jest/globals';
import { endRedis, launchRedis, PROGRAM, type TestRedis } from './redisServer.js';

export type { TestRedis };

/** Whether tests can start Redis here. Where they must, `REQUIRE_REDIS=1` lets them fail instead of being skipped. */
export function hasRedis(): boolean {
  if (process.env['REQUIRE_REDIS'] === '1' || !spawnSync(PROGRAM, ['--version']).error) return true;
  console.warn(`SKIPPED: no ${PROGRAM}; set REDIS_SERVER to test with one.`);
  return false;
}

/** A Redis of its own, which ends with the test. */
export const startRedis = (args: readonly string[] = []): Promise<TestRedis> => launchRedis(args);

afterEach(endRedis);
