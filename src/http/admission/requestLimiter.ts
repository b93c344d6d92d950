import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '../../clock.js';

const WINDOW_SECONDS = 60;
/** Tokens of one address that may reach Linode within a window before Linode has accepted them. */
const MAX_UNVERIFIED_TOKENS = 20;
/** Accepted tokens in memory; beyond it the least recently used one becomes unverified again. */
const MAX_ACCEPTED_TOKENS = 100_000;
/** Addresses with unverified tokens in memory, and such tokens. */
const MAX_UNVERIFIED = 100_000;

/** What a request counts against. */
export interface CountedRequest {
  /** The client's; see `clientAddress`. */
  address: string;
  /** The caller's key, null without a token. */
  callerKey: string | null;
}

/**
 * Counts requests in windows of a minute: by token once Linode has accepted the token, by address until then, so that
 * inventing tokens evades nothing. What an accepted token cost its address is refunded; a refused one's is not.
 */
export class RequestLimiter {
  readonly #byAddress: RateLimiterMemory;
  readonly #byToken: RateLimiterMemory;
  readonly #accepted = new LRUCache<string, true>({ max: MAX_ACCEPTED_TOKENS });
  /** Requests of the present window by unverified token, for each address. */
  readonly #unverified: LRUCache<string, Map<string, number>>;
  /** The addresses that unverified tokens came from. */
  readonly #addresses: LRUCache<string, Set<string>>;

  /** @param perMinute requests of one token, or of one address */
  constructor(perMinute: number, clock: Clock) {
    this.#byAddress = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
    this.#byToken = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
    const window = {
      max: MAX_UNVERIFIED,
      ttl: WINDOW_SECONDS * 1000,
      ttlResolution: 0,
      perf: { now: () => clock.now() },
    };
    this.#unverified = new LRUCache(window);
    this.#addresses = new LRUCache(window);
  }

  /**
   * Counts one request.
   * @returns 0 if it is within the limit, else the time until the window ends, in ms
   */
  readonly consume = async ({ address, callerKey }: CountedRequest): Promise<number> => {
    if (callerKey !== null && this.#accepted.get(callerKey)) {
      return waitMsOf(await take(this.#byToken, callerKey));
    }
    const taken = await take(this.#byAddress, address);
    const isVerifiable = callerKey === null || this.#noteUnverified(callerKey, address, taken);
    return waitMsOf(isVerifiable ? taken : { ...taken, isWithin: false });
  };

  /** Notes whether Linode accepted a token: from then on its requests count by token, until then by address. */
  readonly noteVerdict = (callerKey: string, isAccepted: boolean): void => {
    if (isAccepted) this.#accept(callerKey);
    else this.#accepted.delete(callerKey);
  };

  /** Moves the token's requests from its addresses to the token. */
  #accept(callerKey: string): void {
    this.#accepted.set(callerKey, true);
    const addresses = this.#addresses.get(callerKey);
    if (!addresses) return;
    this.#addresses.delete(callerKey);
    for (const address of addresses) {
      const tokens = this.#unverified.get(address);
      const requests = tokens?.get(callerKey);
      if (!tokens || requests === undefined) continue;
      tokens.delete(callerKey);
      void this.#byAddress.reward(address, requests);
      void this.#byToken.penalty(callerKey, requests);
    }
  }

  /** @returns false if too many unverified tokens came from the address */
  #noteUnverified(callerKey: string, address: string, { facts }: Taken): boolean {
    let tokens = facts.isFirstInDuration ? undefined : this.#unverified.get(address);
    if (!tokens) this.#unverified.set(address, (tokens = new Map()));
    const requests = tokens.get(callerKey) ?? 0;
    if (requests === 0 && tokens.size >= MAX_UNVERIFIED_TOKENS) return false;
    tokens.set(callerKey, requests + 1);
    const addresses = this.#addresses.get(callerKey) ?? new Set<string>();
    this.#addresses.set(callerKey, addresses.add(address));
    return true;
  }
}

/** The limiter rejects with the same facts that it resolves with. */
const take = (limiter: RateLimiterMemory, key: string): Promise<Taken> =>
  limiter.consume(key).then(
    (facts) => ({ facts, isWithin: true }),
    (facts: unknown) => {
      if (facts instanceof RateLimiterRes) return { facts, isWithin: false };
      throw facts;
    },
  );

interface Taken {
  facts: RateLimiterRes;
  isWithin: boolean;
}

const waitMsOf = ({ facts, isWithin }: Taken): number => (isWithin ? 0 : Math.max(1, facts.msBeforeNext));
