import { Cancellation } from '../../cancellation.js';
import type { Clock } from '../../clock.js';
import type { CallTerms } from './client.js';
import { LinodeTimeout } from '../errors.js';

/** Call terms with a timeout. Lift it when the call has ended, or its timer stays. */
export class Deadline {
  readonly terms: CallTerms;
  readonly #cancellation = new Cancellation();
  /** Stops the timer. */
  readonly lift: () => void;

  /** @param path of Linode's, for the error of a timeout */
  constructor(clock: Clock, timeoutMs: number, path: string) {
    this.terms = { deadlineAt: clock.now() + timeoutMs, signal: this.#cancellation.signal };
    this.lift = clock.after(timeoutMs, () => {
      const facts = { method: 'GET', path, sent: true };
      this.#cancellation.abort(new LinodeTimeout('Linode did not respond in time', facts));
    });
  }

  /** Cancels the call now, with this reason. */
  abort(reason: Error): void {
    this.#cancellation.abort(reason);
  }
}
