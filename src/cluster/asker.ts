import { LRUCache } from 'lru-cache';
import { Cancellation, type CancelSignal } from '../cancellation.js';
import type { Clock } from '../clock.js';
import type { UpstreamCall } from '../linode/client/client.js';
import { LinodeTimeout } from '../linode/errors.js';
import type { Channel } from './channel.js';
import type { AnswerOf, Kind, QuestionOf, ToPrimary, ToWorker, WireCall } from './messages.js';
import { decodeError, encodeError } from './wireErrors.js';

/** Calls that answers lately told of: two answers that tell of one call tell of the same object. */
const MOST_CALLS = 1000;
/** What has no deadline of its own is answered by then, or not at all. */
const PATIENCE_MS = 5000;
/** A question that ran into its deadline is answered by then: what came of it, and the calls it took. */
const GRACE_MS = 1000;

export interface AskOptions {
  /** The question is given up with it. */
  signal?: CancelSignal;
  /** Whether it may have been sent to Linode: its answer is then waited for until the deadline, and what came of it may stay unknown. */
  isWrite?: boolean;
  onCall?: ((call: UpstreamCall) => void) | undefined;
}

/** The primary has too much to do to answer, or hangs. */
export class PrimarySilent extends Error {
  override name = 'PrimarySilent';
  /** HTTP's. */
  readonly status = 503;
}

/** The primary did not tell in time what came of a write. */
const writeOfUnknownOutcome = (): LinodeTimeout =>
  new LinodeTimeout('Linode did not answer in time', { method: 'POST', path: '/images', sent: true });

interface Open {
  resolve(value: unknown): void;
  reject(error: Error): void;
  onCall: ((call: UpstreamCall) => void) | undefined;
}

/** Puts a worker's questions to the primary. */
export class Asker {
  readonly #open = new Map<number, Open>();
  readonly #calls = new LRUCache<number, UpstreamCall>({ max: MOST_CALLS });
  #lastId = 0;

  constructor(
    private readonly channel: Pick<Channel<ToPrimary, ToWorker>, 'send'>,
    private readonly clock: Clock,
  ) {}

  /** Asks what has no deadline of its own. Rejects with `PrimarySilent` when no answer comes. */
  askSoon<K extends Kind>(kind: K, question: QuestionOf<K>): Promise<AnswerOf<K>> {
    const cancellation = new Cancellation();
    const cancel = this.clock.after(PATIENCE_MS, () => {
      cancellation.abort(new PrimarySilent('The process that counts for all does not answer'));
    });
    return this.ask(kind, question, { signal: cancellation.signal }).finally(cancel);
  }

  /**
   * Rejects with the primary's error, or with the signal's reason when that aborts first. Of a deadline that has
   * passed the primary tells itself, for it may have something older to answer with.
   */
  ask<K extends Kind>(kind: K, question: QuestionOf<K>, options: AskOptions = {}): Promise<AnswerOf<K>> {
    const { signal, isWrite = false, onCall } = options;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const id = ++this.#lastId;
    return new Promise<AnswerOf<K>>((resolve, reject) => {
      const onAbort = (): void => {
        this.channel.send({ type: 'abort', id, reason: encodeError(signal?.reason) });
        if (signal?.reason instanceof LinodeTimeout) cancelGrace = this.clock.after(GRACE_MS, giveUp);
        // A write that was sent goes on without its client.
        else if (!isWrite) giveUp();
      };
      const giveUp = (): void => {
        this.#open.delete(id);
        reject(isWrite ? writeOfUnknownOutcome() : (signal?.reason as Error));
      };
      let cancelGrace = (): void => undefined;
      const end = (): void => {
        cancelGrace();
        signal?.removeEventListener('abort', onAbort);
      };
      this.#open.set(id, {
        resolve: (value) => {
          end();
          resolve(value as AnswerOf<K>);
        },
        reject: (error) => {
          end();
          reject(error);
        },
        onCall,
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.channel.send({ type: 'ask', id, kind, question });
    });
  }

  answered({ id, outcome, calls }: Extract<ToWorker, { type: 'answer' }>): void {
    const open = this.#open.get(id);
    if (!open) return;
    this.#open.delete(id);
    for (const call of calls) open.onCall?.(this.#callOf(call));
    if ('error' in outcome) open.reject(decodeError(outcome.error));
    else open.resolve(outcome.value);
  }

  /** Questions that wait for their answer. */
  get openCount(): number {
    return this.#open.size;
  }

  #callOf({ id, ...call }: WireCall): UpstreamCall {
    const known = this.#calls.get(id);
    if (known) return known;
    this.#calls.set(id, call);
    return call;
  }
}
