import { Cancellation } from '../../cancellation.js';
import type { Clock } from '../../clock.js';
import type { CallTerms } from './client.js';
import { LinodeTimeout } from '../errors.js';

/** Terms that end at a deadline. Whoever is done before lifts it, or its timer stays. */
export class Deadline {
  readonly terms: CallTerms;
  readonly #cancellation = new Cancellation();
  /** Nothing ends any more when the time has passed. */
  readonly lift: () => void;

  /** @param path of Linode's, what the error of its passing speaks of */
  constructor(clock: Clock, timeoutMs: number, path: string) {
    this.terms = { deadlineAt: clock.now() + timeoutMs, signal: this.#cancellation.signal };
    this.lift = clock.after(timeoutMs, () => {
      const facts = { method: 'GET', path, sent: true };
      this.#cancellation.abort(new LinodeTimeout('Linode did not answer in time', facts));
    });
  }

  /** Ends now what the terms allow, for this reason. */
  abort(reason: Error): void {
    this.#cancellation.abort(reason);
  }
}
