import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import { WindowCounter, type Window } from './windowCounter.js';

const WINDOW_MS = 60_000;
/** Tokens of one address that may reach Linode within a window before Linode has accepted them. */
const MAX_UNVERIFIED_TOKENS = 20;
/** Accepted tokens in memory; beyond it the least recently used one becomes unverified again. */
const MAX_ACCEPTED_TOKENS = 100_000;
/** Addresses in memory, and tokens. */
const MAX_KEYS = 100_000;

/** What a request counts against. */
export interface CountedRequest {
  /** The client's; see `clientAddress`. */
  address: string;
  /** The caller's key, null without a token. */
  callerKey: string | null;
}

/** The requests of one address. */
interface AddressWindow extends Window {
  /** Those with unverified tokens, by token; absent before the first. */
  unverified: Map<string, number> | undefined;
}

/** The addresses that an unverified token came from. */
interface TokenWindow extends Window {
  readonly addresses: Set<string>;
}

/**
 * Counts requests in windows of a minute: by token once Linode has accepted the token, by address until then, so that
 * inventing tokens evades nothing. What an accepted token cost its address is refunded; a refused one's is not.
 */
export class RequestLimiter {
  readonly #byAddress: WindowCounter<AddressWindow>;
  readonly #byToken: WindowCounter;
  readonly #unverified: WindowCounter<TokenWindow>;
  readonly #accepted = new LRUCache<string, true>({ max: MAX_ACCEPTED_TOKENS });

  /** @param perMinute requests of one token, or of one address */
  constructor(
    private readonly perMinute: number,
    private readonly clock: Clock,
  ) {
    const options = { clock, windowMs: WINDOW_MS, maxKeys: MAX_KEYS };
    this.#byToken = new WindowCounter(options, (endsAt) => ({ count: 0, endsAt }));
    this.#byAddress = new WindowCounter<AddressWindow>(options, (endsAt) => ({
      count: 0,
      endsAt,
      unverified: undefined,
    }));
    this.#unverified = new WindowCounter(options, (endsAt) => ({ count: 0, endsAt, addresses: new Set() }));
  }

  /**
   * Counts one request.
   * @returns 0 if it is within the limit, else the time until the window ends, in ms
   */
  readonly consume = ({ address, callerKey }: CountedRequest): number => {
    if (callerKey !== null && this.#accepted.get(callerKey)) {
      return this.#waitMs(this.#byToken.add(callerKey, 1));
    }
    const window = this.#byAddress.add(address, 1);
    const isVerifiable = callerKey === null || this.#noteUnverified(callerKey, address, window);
    return isVerifiable ? this.#waitMs(window) : this.#untilEnd(window);
  };

  /** Notes whether Linode accepted a token: from then on its requests count by token, until then by address. */
  readonly noteVerdict = (callerKey: string, isAccepted: boolean): void => {
    if (isAccepted) this.#accept(callerKey);
    else this.#accepted.delete(callerKey);
  };

  /** Moves the token's requests from its addresses to the token. */
  #accept(callerKey: string): void {
    this.#accepted.set(callerKey, true);
    const addresses = this.#unverified.get(callerKey)?.addresses;
    if (!addresses) return;
    for (const address of addresses) {
      const window = this.#byAddress.get(address);
      const requests = window?.unverified?.get(callerKey);
      if (!window || requests === undefined) continue;
      window.unverified?.delete(callerKey);
      window.count -= requests;
      this.#byToken.add(callerKey, requests);
    }
    addresses.clear();
  }

  /** @returns false if too many unverified tokens came from the address */
  #noteUnverified(callerKey: string, address: string, window: AddressWindow): boolean {
    const unverified = (window.unverified ??= new Map());
    const requests = unverified.get(callerKey) ?? 0;
    if (requests === 0 && unverified.size >= MAX_UNVERIFIED_TOKENS) return false;
    unverified.set(callerKey, requests + 1);
    this.#unverified.add(callerKey, 1).addresses.add(address);
    return true;
  }

  #waitMs(window: Window): number {
    return window.count <= this.perMinute ? 0 : this.#untilEnd(window);
  }

  #untilEnd({ endsAt }: Window): number {
    return Math.max(1, endsAt - this.clock.now());
  }
}
