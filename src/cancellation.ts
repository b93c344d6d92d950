/** Reports that no client waits any more: any `AbortSignal`, or the lighter one of a `Cancellation`. */
export interface CancelSignal {
  readonly aborted: boolean;
  /** Why, once it is aborted. */
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * A lighter `AbortController`, one for each operation. Node's own sets the prototype of every signal: V8 then
 * keeps it, and all that it reaches, until the old generation is collected (ADR 14).
 */
export class Cancellation {
  readonly #signal = new Signal();

  get signal(): CancelSignal {
    return this.#signal;
  }

  /** Notifies all listeners, once. What one of them throws is thrown after all were notified. */
  abort(reason: Error): void {
    this.#signal.abort(reason);
  }
}

class Signal implements CancelSignal {
  aborted = false;
  reason: Error | undefined;
  #listeners: Set<() => void> | undefined;

  throwIfAborted(): void {
    if (this.reason) throw this.reason;
  }

  addEventListener(_: 'abort', listener: () => void): void {
    if (!this.aborted) (this.#listeners ??= new Set()).add(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    this.#listeners?.delete(listener);
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const bugs: unknown[] = [];
    // One that another one takes away meanwhile is not told.
    for (const listener of this.#listeners ?? []) {
      try {
        listener();
      } catch (error) {
        bugs.push(error);
      }
    }
    this.#listeners = undefined;
    if (bugs.length > 0) throw bugs[0];
  }
}
