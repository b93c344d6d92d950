import type { Redis as IORedis } from 'ioredis';

type Listener = (message: Buffer) => void;

/** The channels that one connection subscribes to. ioredis subscribes to them again after each reconnect. */
export class Subscriptions {
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(private readonly subscriber: IORedis) {
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      for (const listener of this.#listeners.get(channel.toString()) ?? []) listener(message);
    });
    // What was subscribed to before the first connection.
    subscriber.on('ready', () => {
      const channels = [...this.#listeners.keys()];
      if (channels.length > 0) this.#send(() => subscriber.subscribe(...channels));
    });
  }

  /** @returns a function that removes the listener */
  add(channel: string, listener: Listener): () => void {
    let listeners = this.#listeners.get(channel);
    if (!listeners) {
      this.#listeners.set(channel, (listeners = new Set()));
      this.#send(() => this.subscriber.subscribe(channel));
    }
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#listeners.get(channel) !== listeners) return;
      this.#listeners.delete(channel);
      this.#send(() => this.subscriber.unsubscribe(channel));
    };
  }

  close(): void {
    this.#listeners.clear();
    this.subscriber.disconnect();
  }

  /** While the connection is away nothing is sent: `ready` makes up for it. */
  #send(command: () => Promise<unknown>): void {
    if (this.subscriber.status === 'ready') command().catch(() => undefined);
  }
}
