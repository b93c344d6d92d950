import type { Clock } from '../clock.js';
import { ANONYMOUS, type Caller } from '../linode/caller.js';
import type { UpstreamCall } from '../linode/client/client.js';
import { CircuitBreaker } from '../linode/client/circuitBreaker.js';
import { MAX_CALLS_IN_FLIGHT } from '../linode/client/fairPool.js';
import { RateBudgets } from '../linode/client/rateBudgets.js';
import { probeUntilAnswered } from '../linode/client/probe.js';
import { RetryBudget } from '../linode/client/retry.js';
import type { SharedBudget } from '../linode/client/sharedBudget.js';
import type { ProxySettings } from '../linode/client/dispatcher.js';
import { createTransport } from '../linode/client/transport.js';
import type { Transport } from '../linode/client/wire.js';
import { VERSION } from '../version.js';
import type { Sharing } from './sharing/sharing.js';
import { Catalogs, type CatalogsSettings } from './catalogs.js';

const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3000;
/** Those of the probe beside those of the callers. */
const CONNECTIONS = MAX_CALLS_IN_FLIGHT + 2;
const USER_AGENT = `linode-images-graphql-gateway/${VERSION}`;

export interface UpstreamOptions {
  /** Linode's address with its version path. */
  linodeApiUrl: URL;
  settings: CatalogsSettings;
  /** Absent: Linode is reached without a proxy. */
  proxy?: ProxySettings | undefined;
  clock: Clock;
  /** Wraps the transport that the callers' requests take, to trace them. Absent: it stays as it is. */
  wrapTransport?: ((transport: Transport) => Transport) | undefined;
  /** How several processes behave as one. Absent: there is one. */
  sharing?: Sharing | undefined;
  /** A caller's budget in all processes. Absent: there is one process. */
  sharedBudget?: ((caller: Caller) => SharedBudget) | undefined;
  /** In [0, 1): the jitter of retries. */
  random?: (() => number) | undefined;
  /** Told of every request to Linode when it has ended. */
  onCall: (call: UpstreamCall) => void;
  /** Receives, after each response to a request with a token, whether Linode accepted the token. */
  onTokenVerdict?: ((callerKey: string, isAccepted: boolean) => void) | undefined;
}

/** How it stands with Linode and with what is known of it. */
export interface UpstreamState {
  isCircuitOpen: boolean;
  catalog: { callers: number; bytes: number };
  /** Null before the first list. */
  anonymousCatalogAgeMs: number | null;
  /** List calls left within the minute: of the anonymous caller, and the fewest of any other. */
  listBudgetLeft: { anonymous: number; authenticated: number };
}

/** All that a gateway needs but once, however many processes serve: connections, budgets, catalogs. */
export interface Upstream {
  catalogs: Catalogs;
  readonly state: UpstreamState;
  /** Counts the calls of the last minute in all processes, where they may be missing. */
  restoreBudgets(): Promise<void>;
  /** Asks until Linode has answered once; the answer stops it. */
  probe(onAnswer: () => void, onFailure: (problem: string) => void): () => void;
  close(): Promise<void>;
}

export function createUpstream(options: UpstreamOptions): Upstream {
  const { clock, settings, linodeApiUrl, wrapTransport } = options;
  const pool = createTransport({
    baseUrl: linodeApiUrl,
    clock,
    connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, settings.requestTimeoutMs),
    maxResponseBytes: MAX_RESPONSE_BYTES,
    connections: CONNECTIONS,
    proxy: options.proxy,
  });
  const transport = wrapTransport?.(pool) ?? pool;
  const circuitBreaker = new CircuitBreaker(clock);
  const rateBudgets = new RateBudgets(clock, options.sharedBudget);
  const catalogs = new Catalogs(
    {
      transport,
      circuitBreaker,
      rateBudgets,
      retryBudget: new RetryBudget(clock),
      clock,
      random: options.random ?? Math.random,
      userAgent: USER_AGENT,
      onCall: options.onCall,
      onTokenVerdict: options.onTokenVerdict,
    },
    settings,
    options.sharing,
  );
  return {
    catalogs,
    get state() {
      return {
        isCircuitOpen: circuitBreaker.isOpen,
        catalog: catalogs.usage,
        anonymousCatalogAgeMs: catalogs.of(ANONYMOUS).ageMs ?? null,
        listBudgetLeft: rateBudgets.listsRemaining,
      };
    },
    restoreBudgets: () => rateBudgets.restore(),
    probe: (onAnswer, onFailure) =>
      probeUntilAnswered({ transport: pool, clock, userAgent: USER_AGENT, onAnswer, onFailure }),
    async close() {
      catalogs.close();
      await transport.close();
    },
  };
}
