import { LiveSubscription, type Interest } from './liveSubscription.js';
import type { LiveState } from './liveState.js';

/** The open subscriptions of one caller, and what they follow together. */
export class Subscribers {
  readonly #open = new Set<LiveSubscription>();

  /** @param onEmpty called when the last one has left */
  constructor(private readonly onEmpty: () => void) {}

  get size(): number {
    return this.#open.size;
  }

  /** Whether one of them follows all images. */
  get followAll(): boolean {
    for (const { interest } of this.#open) if (interest === 'all') return true;
    return false;
  }

  /** The images that are followed by themselves. */
  get ids(): Set<string> {
    const ids = new Set<string>();
    for (const { interest } of this.#open) if (interest !== 'all') ids.add(interest.imageId);
    return ids;
  }

  add(interest: Interest): LiveSubscription {
    const subscription = new LiveSubscription(interest, (closed) => {
      this.#open.delete(closed);
      if (this.#open.size === 0) this.onEmpty();
    });
    this.#open.add(subscription);
    return subscription;
  }

  offer(state: LiveState): void {
    for (const subscription of [...this.#open]) subscription.offer(state);
  }

  /** Ends all of them with an error. */
  fail(error: Error): void {
    for (const subscription of [...this.#open]) subscription.fail(error);
  }
}
