import { afterEach, jest } from '@jest/globals';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.js';
import { manualClock, type ManualClock } from './manualClock.js';
import { until } from './until.js';

/** A gateway in front of a sandbox, both on one clock that the test moves. */
export interface Stack {
  clock: ManualClock;
  linode: Sandbox;
  gateway: TestGateway;
}

export interface StackOptions {
  sandbox?: SandboxOptions;
  gateway?: Partial<TestGatewayOptions> | ((linode: Sandbox) => Partial<TestGatewayOptions>);
}

const open: Stack[] = [];

/** Starts both; they are closed after the test. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const clock = manualClock();
  // The circuit breaker's library takes its time from here.
  jest.spyOn(Date, 'now').mockImplementation(clock.now);
  const linode = await startSandbox({
    now: clock.now,
    ...(process.env['LINODE_SANDBOX_API'] === '4.176' && { api: '4.176' }),
    ...options.sandbox,
  });
  const given = typeof options.gateway === 'function' ? options.gateway(linode) : options.gateway;
  const gateway = await startTestGateway({ linodeApiUrl: linode.url, clock, ...given });
  const built = { clock, linode, gateway };
  open.push(built);
  return built;
}

afterEach(async () => {
  jest.restoreAllMocks();
  for (const { gateway, linode } of open.splice(0)) {
    await gateway.close();
    await linode.close();
  }
});

/** The line of a list call in the sandbox's log. */
export const LIST = /^GET \/images\?/;
/** The line of a view of one image. */
export const VIEW = /^GET \/images\/[^?]+$/;

/** In real time: a test may have hundreds of operations under way. */
const MAX_PASSING_MS = 60_000;

/** Moves time on, `stepMs` at a time, while operations wait for their retries. */
export async function whileTimePasses<T>(
  clock: ManualClock,
  stepMs: number,
  pending: Promise<T>,
): Promise<T> {
  let isDone = false;
  const done = pending.finally(() => (isDone = true));
  await until(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (!isDone) clock.advance(stepMs);
      return isDone;
    },
    'operations that wait for their retries',
    MAX_PASSING_MS,
  );
  return done;
}
