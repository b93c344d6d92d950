/** Receives the key of a caller whose images may have changed. It is called within the change: it must not read yet. */
export type ChangeListener = (callerKey: string) => void;

/** The listeners to changes of callers' images, by a write or by a fetch. */
export class ChangeListeners {
  readonly #listeners = new Set<ChangeListener>();

  /** @returns a function that removes the listener */
  add(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  notify(callerKey: string): void {
    for (const listener of this.#listeners) listener(callerKey);
  }
}
