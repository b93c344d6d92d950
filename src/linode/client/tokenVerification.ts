import type { Clock } from '../../clock.js';
import type { LinodeUnauthenticated } from '../errors.js';

/** Calls at once with a token that Linode has not accepted yet: as many as the first page of a UI needs. */
const MAX_UNVERIFIED_CALLS = 6;
/** How long a refused token is not sent again; doubled at each refusal until it is accepted. */
const MIN_REFUSED_MS = 2000;
const MAX_REFUSED_MS = 60_000;

/**
 * What Linode says of one caller's token. Until it is accepted few calls are sent at once, and the others wait for
 * their response, so that a token that Linode refuses costs few calls, however many an operation needs.
 */
export class TokenVerification {
  #isAccepted = false;
  #maxUnverified = MAX_UNVERIFIED_CALLS;
  #unverified = 0;
  #waiting: (() => void)[] = [];
  #refusal: { error: LinodeUnauthenticated; untilMs: number } | undefined;
  #refusedMs = MIN_REFUSED_MS;

  constructor(private readonly clock: Clock) {}

  /** Whether Linode accepted the token, at last. */
  get isAccepted(): boolean {
    return this.#isAccepted;
  }

  /** Linode's refusal of the token, as long as the token is not sent again. */
  get refusal(): LinodeUnauthenticated | undefined {
    if (this.#refusal && this.clock.now() >= this.#refusal.untilMs) this.#refusal = undefined;
    return this.#refusal?.error;
  }

  accept(): void {
    this.#isAccepted = true;
    this.#maxUnverified = MAX_UNVERIFIED_CALLS;
    this.#refusedMs = MIN_REFUSED_MS;
    this.#releaseAll();
  }

  refuse(error: LinodeUnauthenticated): void {
    // It was sent together with the one that was refused first.
    if (this.refusal) return;
    this.#isAccepted = false;
    this.#maxUnverified = 1;
    this.#refusal = { error, untilMs: this.clock.now() + this.#refusedMs };
    this.#refusedMs = Math.min(this.#refusedMs * 2, MAX_REFUSED_MS);
    this.#releaseAll();
  }

  /**
   * Waits for the turn of a call with a token that is not accepted yet. `endTurn` must follow when it has ended.
   * @throws {LinodeUnauthenticated} if the token is refused meanwhile
   */
  async turn(): Promise<void> {
    while (!this.#isAccepted && this.#unverified >= this.#maxUnverified) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      if (this.refusal) throw this.refusal;
    }
    this.#unverified++;
  }

  endTurn(): void {
    this.#unverified--;
    this.#waiting.shift()?.();
  }

  #releaseAll(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
