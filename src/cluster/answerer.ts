import { Cancellation, type CancelSignal } from '../cancellation.js';
import type { UpstreamCall } from '../linode/client/client.js';
import { OperationAborted } from '../linode/errors.js';
import type { AnswerOf, Kind, QuestionOf, ToPrimary, ToWorker, WireCall } from './messages.js';
import { decodeError, encodeError } from './wireErrors.js';

/** What one answer is made under. */
export interface Asking {
  /** Aborts when the worker gives the question up, or is gone. */
  signal: CancelSignal;
  /** Notes an upstream call behind the answer. */
  onCall: (call: UpstreamCall) => void;
}

/** Who answers which kind of question. */
export type Answers = {
  [K in Kind]: (question: QuestionOf<K>, asking: Asking) => Promise<AnswerOf<K>>;
};

/** Numbers the upstream calls that answers tell of. */
export class CallIds {
  readonly #ids = new WeakMap<UpstreamCall, number>();
  #last = 0;

  readonly number = (call: UpstreamCall): WireCall => {
    const id = this.#ids.get(call) ?? ++this.#last;
    this.#ids.set(call, id);
    return { ...call, id };
  };
}

/** Answers one worker's questions, each on its own. */
export class Answerer {
  readonly #underWay = new Map<number, Cancellation>();

  constructor(
    private readonly answers: Answers,
    private readonly callIds: CallIds,
    private readonly send: (message: ToWorker) => void,
  ) {}

  async asked({ id, kind, question }: Extract<ToPrimary, { type: 'ask' }>): Promise<void> {
    const cancellation = new Cancellation();
    const { signal } = cancellation;
    this.#underWay.set(id, cancellation);
    const calls: UpstreamCall[] = [];
    const answer = this.answers[kind] as (question: unknown, asking: Asking) => Promise<unknown>;
    const outcome = await answer(question, { signal, onCall: (call) => void calls.push(call) }).then(
      (value) => ({ value }),
      (error: unknown) => ({ error: encodeError(error) }),
    );
    this.#underWay.delete(id);
    this.send({ type: 'answer', id, outcome, calls: calls.map(this.callIds.number) });
  }

  abort({ id, reason }: Extract<ToPrimary, { type: 'abort' }>): void {
    this.#underWay.get(id)?.abort(decodeError(reason));
  }

  /** The worker is gone: nobody waits for any of it. */
  close(): void {
    for (const cancellation of this.#underWay.values()) {
      cancellation.abort(new OperationAborted('The worker is gone'));
    }
  }
}
