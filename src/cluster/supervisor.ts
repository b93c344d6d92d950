import type { Clock } from '../clock.js';
import type { Channel } from './channel.js';
import { BEAT_MS, MOST_SILENT_BEATS } from './heartbeat.js';
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

/** What is known of a worker that is there. */
interface Charge {
  /** Whether it has said hello, and hears. */
  isGreeted: boolean;
  /** Why it ends, as far as it or this one can tell. */
  lines: readonly string[];
  silentBeats: number;
}

/** Keeps as many workers as are wanted. */
export class Supervisor {
  readonly #alive = new Map<WorkerProcess, Charge>();
  #hasStarted = false;
  #isEnding = false;
  #onEmpty: () => void = () => undefined;

  constructor(private readonly options: SupervisorOptions) {
    this.#watch();
  }

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
    for (const [worker, { isGreeted }] of this.#alive) if (!isGreeted) worker.kill();
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

  /** Ends them all at once. */
  kill(): void {
    this.#isEnding = true;
    for (const worker of this.#alive.keys()) worker.kill();
  }

  /** Ends workers that say nothing any more. Beats are counted, not time: all of this machine may have slept. */
  #watch(): void {
    this.options.clock.after(BEAT_MS, () => {
      for (const [worker, charge] of this.#alive) {
        if (!charge.isGreeted || ++charge.silentBeats <= MOST_SILENT_BEATS) continue;
        charge.lines = [`It was busy with something for more than ${MOST_SILENT_BEATS} s, and was ended`];
        worker.kill();
      }
      this.#watch();
    });
  }

  #fork(deaths: number, onListening?: (url: string) => void, onFailed?: (error: Error) => void): void {
    const { hub, clock, fork, welcome } = this.options;
    const worker = fork();
    const bornAt = clock.now();
    const charge: Charge = { isGreeted: false, lines: [], silentBeats: 0 };
    let leave = (): void => undefined;
    this.#alive.set(worker, charge);
    const onMessage = (message: ToPrimary): void => {
      if (message.type === 'alive') charge.silentBeats = 0;
      else if (message.type === 'listening') onListening?.(message.url);
      else if (message.type === 'failed') charge.lines = message.lines;
    };
    worker.channel.onMessage((message) => {
      if (message.type !== 'hello') {
        onMessage(message);
        return;
      }
      charge.isGreeted = true;
      leave = hub.join({ channel: worker.channel, kill: worker.kill, onMessage });
      worker.channel.send(welcome());
    });
    worker.onExit((how) => {
      leave();
      this.#alive.delete(worker);
      if (this.#alive.size === 0) this.#onEmpty();
      if (this.#isEnding) return;
      if (!this.#hasStarted) {
        onFailed?.(new Error(charge.lines.join('\n') || `A worker ended (${how}) before all listened`));
        return;
      }
      const before = clock.now() - bornAt >= SOUND_MS ? 0 : deaths;
      const pauseMs = before === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** (before - 1));
      this.options.onDeath({ how, lines: charge.lines, pauseMs });
      clock.after(pauseMs, () => {
        if (!this.#isEnding) this.#fork(before + 1);
      });
    });
  }
}
