import type { Refusal } from '../errors.js';

export type Transport = 'sse' | 'multipart' | 'websocket';

/** Why a subscription has ended. */
export type EndReason = 'completed' | 'left' | 'slow' | 'expired' | 'draining';

export interface SubscriptionLimits {
  /** Open subscriptions of this process. */
  maxSubscriptions: number;
  /** Of one caller; without a token, of one client address. */
  maxSubscriptionsPerCaller: number;
}

/** Counts what subscriptions do. */
export interface SubscriptionObserver {
  event(transport: Transport): void;
  ended(transport: Transport, reason: EndReason): void;
}

/** One open subscription. */
export interface OpenSubscription {
  /** Records that an event was sent. */
  sent(): void;
  /** It has ended; only the first reason counts. */
  ended(reason: EndReason): void;
}

/** The open subscriptions of this process, whatever their transport: their bounds, and their end when it drains. */
export class OpenSubscriptions {
  readonly #ends = new Set<() => void>();
  readonly #byCaller = new Map<string, number>();
  #isDraining = false;

  constructor(
    private readonly limits: SubscriptionLimits,
    private readonly observer: SubscriptionObserver,
  ) {}

  get count(): number {
    return this.#ends.size;
  }

  /**
   * Counts a subscription, or refuses it.
   * @param callerKey of the caller, or the address of a client without a token
   * @param end tells the subscriber to reconnect, and ends the subscription
   */
  open(callerKey: string, transport: Transport, end: () => void): OpenSubscription | Refusal {
    const refusal = this.#refusalOf(callerKey);
    if (refusal) return refusal;
    this.#ends.add(end);
    this.#byCaller.set(callerKey, this.#countOf(callerKey) + 1);
    let isOpen = true;
    return {
      sent: () => {
        this.observer.event(transport);
      },
      ended: (reason) => {
        if (!isOpen) return;
        isOpen = false;
        this.#close(callerKey, end);
        this.observer.ended(transport, reason);
      },
    };
  }

  /** Ends all of them. No other one is opened from now on. */
  drain(): void {
    this.#isDraining = true;
    for (const end of [...this.#ends]) end();
  }

  #close(callerKey: string, end: () => void): void {
    this.#ends.delete(end);
    const left = this.#countOf(callerKey) - 1;
    if (left > 0) this.#byCaller.set(callerKey, left);
    else this.#byCaller.delete(callerKey);
  }

  #countOf(callerKey: string): number {
    return this.#byCaller.get(callerKey) ?? 0;
  }

  #refusalOf(callerKey: string): Refusal | undefined {
    const { maxSubscriptions, maxSubscriptionsPerCaller } = this.limits;
    if (this.#isDraining) return overloaded('The server is shutting down; reconnect');
    if (this.#ends.size >= maxSubscriptions) return overloaded('Too many subscriptions; retry later');
    if (this.#countOf(callerKey) < maxSubscriptionsPerCaller) return undefined;
    const message = `The limit of subscriptions of one caller is ${maxSubscriptionsPerCaller}; end one of them`;
    return { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds: RETRY_AFTER_SECONDS };
  }
}

const RETRY_AFTER_SECONDS = 10;

const overloaded = (message: string): Refusal => ({
  status: 503,
  code: 'OVERLOADED',
  message,
  retryAfterSeconds: 1,
});
