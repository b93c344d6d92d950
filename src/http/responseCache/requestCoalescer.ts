import type { Clock } from '../../clock.js';
import type { TrackedRequest } from '../server/trackedRequest.js';

/** How long requests wait for another one's response: an upstream that hangs must not cost them a deadline more. */
const MAX_WAIT_MS = 1000;

/** @param isInTime false if the response took too long: waiting again is not worth it */
type Resume = (isInTime: boolean) => void;

/** Lets requests wait for another one's response when it is theirs too, or refreshes what theirs rests on. */
export class RequestCoalescer {
  readonly #waiting = new Map<string, Resume[]>();

  constructor(private readonly clock: Clock) {}

  /** Whether a response is in the making that requests with this key may wait for. */
  has(key: string): boolean {
    return this.#waiting.has(key);
  }

  /**
   * @param resume called once that response is sent or aborted, or takes too long
   * @returns false if there is none to wait for
   */
  join(key: string, resume: Resume): boolean {
    const waiting = this.#waiting.get(key);
    waiting?.push(resume);
    return waiting !== undefined;
  }

  /**
   * From now on other requests may wait for this one's response, unless they may wait for another one's already. A
   * response that is queued behind another on its connection is none to wait for: it ends when that one does.
   */
  lead(key: string, request: TrackedRequest): void {
    if (this.#waiting.has(key) || !request.res.socket) return;
    const waiting: Resume[] = [];
    this.#waiting.set(key, waiting);
    const release = (isInTime: boolean): void => {
      if (this.#waiting.get(key) !== waiting) return;
      this.#waiting.delete(key);
      for (const resume of waiting) resume(isInTime);
    };
    const cancel = this.clock.after(MAX_WAIT_MS, () => {
      release(false);
    });
    request.whenSent(() => {
      cancel();
      release(true);
    });
  }
}
