import type { Clock } from '../clock.js';
import type { Channel } from './channel.js';
import type { Hub } from './hub.js';
import type { ToPrimary, ToWorker } from './messages.js';

const LONGEST_PAUSE_MS = 30_000;
/** A worker that lived for so long did not die of how it was started. */
const SOUND_MS = 60_000;

/** A process that serves. */
export interface WorkerProcess {
  channel: Channel<ToWorker, ToPrimary>;
  /** Ends it at once. */
  kill(): void;
  /** Told once, with its exit code or the signal that killed it. */
  onExit(listener: (how: string) => void): void;
}

export interface SupervisorOptions {
  /** How many are to serve. */
  count: number;
  hub: Hub;
  clock: Clock;
  fork: () => WorkerProcess;
  /** What a worker is told first. */
  welcome: () => ToWorker;
  /** Told of each death, when another one starts in `pauseMs`. */
  onDeath: (death: { how: string; lines: readonly string[]; pauseMs: number }) => void;
}

/** Keeps as many workers as are wanted. */
export class Supervisor {
  readonly #alive = new Set<WorkerProcess>();
  readonly #greeted = new Set<WorkerProcess>();
  #hasStarted = false;
  #isEnding = false;
  #onEmpty: () => void = () => undefined;

  constructor(private readonly options: SupervisorOptions) {}

  /** Resolves with the address when all listen; rejects when one ends before. */
  async start(): Promise<string> {
    const { count } = this.options;
    const url = await new Promise<string>((resolve, reject) => {
      let missing = count;
      const onListening = (at: string): void => {
        if (--missing === 0) resolve(at);
      };
      for (let i = 0; i < count; i++) this.#fork(0, onListening, reject);
    });
    this.#hasStarted = true;
    return url;
  }

  /** Workers say no to orchestrators from now on; none is replaced any more. */
  unready(): void {
    this.#isEnding = true;
    for (const worker of this.#alive) if (!this.#greeted.has(worker)) worker.kill();
    this.options.hub.broadcast({ type: 'unready' });
  }

  /** Resolves when all have ended what is under way, and themselves. */
  close(): Promise<void> {
    this.#isEnding = true;
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      this.options.hub.broadcast({ type: 'close' });
      if (this.#alive.size === 0) resolve();
    });
  }

  #fork(deaths: number, onListening?: (url: string) => void, onFailed?: (error: Error) => void): void {
    const { hub, clock, fork, welcome } = this.options;
    const worker = fork();
    const bornAt = clock.now();
    let lines: readonly string[] = [];
    let leave = (): void => undefined;
    this.#alive.add(worker);
    const onMessage = (message: ToPrimary): void => {
      if (message.type === 'listening') onListening?.(message.url);
      else if (message.type === 'failed') ({ lines } = message);
    };
    worker.channel.onMessage((message) => {
      if (message.type !== 'hello') {
        onMessage(message);
        return;
      }
      this.#greeted.add(worker);
      leave = hub.join({ channel: worker.channel, kill: worker.kill, onMessage });
      worker.channel.send(welcome());
    });
    worker.onExit((how) => {
      leave();
      this.#alive.delete(worker);
      this.#greeted.delete(worker);
      if (this.#alive.size === 0) this.#onEmpty();
      if (this.#isEnding) return;
      if (!this.#hasStarted) {
        onFailed?.(new Error(lines.join('\n') || `A worker ended (${how}) before all listened`));
        return;
      }
      const before = clock.now() - bornAt >= SOUND_MS ? 0 : deaths;
      const pauseMs = before === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** (before - 1));
      this.options.onDeath({ how, lines, pauseMs });
      clock.after(pauseMs, () => {
        if (!this.#isEnding) this.#fork(before + 1);
      });
    });
  }
}
