import type { Clock } from '../clock.js';
import type { ToWorker } from './messages.js';

/** A worker that takes longer than this to forget is ended: it might answer what is wrong by now. */
const PATIENCE_MS = 2000;

/** Whom a drop is told. */
export interface Dropper {
  send(message: ToWorker): void;
  /** Ends it at once. */
  kill(): void;
}

/** What all workers are to forget, until they have. */
export class Drops {
  readonly #waiting = new Map<number, { members: Set<Dropper>; done: () => void }>();
  readonly #ofCaller = new Map<string, Set<Promise<void>>>();
  #lastId = 0;

  constructor(private readonly clock: Clock) {}

  /** Tells them all. */
  drop(callerKey: string, epoch: number, members: Iterable<Dropper>): void {
    const waited = new Set(members);
    if (waited.size === 0) return;
    const id = ++this.#lastId;
    const dropped = new Promise<void>((resolve) => {
      const cancel = this.clock.after(PATIENCE_MS, () => {
        for (const member of [...waited]) {
          member.kill();
          this.#forgot(id, member);
        }
      });
      const done = (): void => {
        cancel();
        this.#waiting.delete(id);
        resolve();
      };
      this.#waiting.set(id, { members: waited, done });
    });
    this.#remember(callerKey, dropped);
    for (const member of [...waited]) member.send({ type: 'drop', id, callerKey, epoch });
  }

  /** Resolves when every drop of the caller's is done, or those who owe it are gone. */
  async settled(callerKey: string): Promise<void> {
    for (;;) {
      const drops = this.#ofCaller.get(callerKey);
      if (!drops) return;
      await Promise.all(drops);
    }
  }

  /** A member has forgotten. */
  dropped(id: number, member: Dropper): void {
    this.#forgot(id, member);
  }

  /** A member is gone: it owes nothing any more. */
  leave(member: Dropper): void {
    for (const id of [...this.#waiting.keys()]) this.#forgot(id, member);
  }

  #forgot(id: number, member: Dropper): void {
    const drop = this.#waiting.get(id);
    if (!drop?.members.delete(member)) return;
    if (drop.members.size === 0) drop.done();
  }

  #remember(callerKey: string, dropped: Promise<void>): void {
    const drops = this.#ofCaller.get(callerKey) ?? new Set();
    this.#ofCaller.set(callerKey, drops.add(dropped));
    void dropped.then(() => {
      drops.delete(dropped);
      if (drops.size === 0) this.#ofCaller.delete(callerKey);
    });
  }
}
