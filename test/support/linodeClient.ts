import { callerOf } from '../../src/linode/caller.js';
import {
  LinodeClient,
  type CallTerms,
  type ClientParts,
  type UpstreamCall,
} from '../../src/linode/client/client.js';
import { CircuitBreaker } from '../../src/linode/client/circuitBreaker.js';
import { RateBudgets } from '../../src/linode/client/rateBudgets.js';
import { RetryBudget } from '../../src/linode/client/retry.js';
import { createTransport } from '../../src/linode/client/transport.js';
import { hurriedClock } from './hurriedClock.js';
import type { ManualClock } from './manualClock.js';

export interface TestClient {
  linode: LinodeClient;
  clock: ManualClock;
  calls: UpstreamCall[];
  /** Ten seconds from now; never aborted by default. */
  terms(given?: Partial<CallTerms>): CallTerms;
  /** A client of another caller on the same pool. */
  of(token: string | null): LinodeClient;
  close(): Promise<void>;
}

/** A client of the API without a gateway around it; short waits are over at once. */
export function createTestClient(url: string, given: Partial<ClientParts> = {}): TestClient {
  const clock = hurriedClock();
  const calls: UpstreamCall[] = [];
  const transport = createTransport({
    baseUrl: new URL(url),
    clock,
    connectTimeoutMs: 3000,
    maxResponseBytes: 1_000_000,
    connections: 8,
  });
  const parts: ClientParts = {
    transport,
    circuitBreaker: new CircuitBreaker(clock),
    rateBudgets: new RateBudgets(clock),
    retryBudget: new RetryBudget(clock),
    clock,
    random: () => 0.5,
    userAgent: 'test',
    onCall: (call) => calls.push(call),
    ...given,
  };
  const of = (token: string | null) => new LinodeClient(callerOf(token), parts);
  return {
    linode: of('token'),
    clock,
    calls,
    terms: (terms) => ({
      deadlineAt: clock.now() + 10_000,
      signal: new AbortController().signal,
      ...terms,
    }),
    of,
    close: () => transport.close(),
  };
}
