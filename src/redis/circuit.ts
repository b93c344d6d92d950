import type { Clock } from '../clock.js';
import { RedisUnavailable, type RedisState } from './redis.js';

const FIRST_PROBE_MS = 50;
const MAX_PROBE_MS = 1000;

/**
 * Opens with the first command that fails, so that an outage costs one timeout and not one for each operation. While it
 * is open, probes in the background look whether Redis is back.
 */
export class Circuit {
  #state: RedisState = 'degraded';
  #cancelProbe: () => void = () => undefined;
  #isClosed = false;
  readonly #listeners: ((state: RedisState) => void)[] = [];

  /** @param probe rejects as long as Redis cannot be written to */
  constructor(
    private readonly clock: Clock,
    private readonly probe: () => Promise<unknown>,
  ) {}

  get state(): RedisState {
    return this.#state;
  }

  onState(listener: (state: RedisState) => void): void {
    this.#listeners.push(listener);
  }

  /** Probes once, and from then on until it succeeds. */
  async start(): Promise<void> {
    await this.#probe(FIRST_PROBE_MS);
  }

  /**
   * @param isFailure whether an error says that Redis is away; any other one is the command's own
   * @throws {RedisUnavailable} while the circuit is open, and when the command fails
   */
  async run<T>(command: () => Promise<T>, isFailure: (error: unknown) => boolean): Promise<T> {
    if (this.#state === 'degraded') throw new RedisUnavailable('Redis is away');
    try {
      return await command();
    } catch (error) {
      if (isFailure(error)) this.open();
      throw new RedisUnavailable(messageOf(error), { cause: error });
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelProbe();
  }

  /** Fails commands from now on, until a probe succeeds. */
  open(): void {
    if (this.#isClosed || this.#state === 'degraded') return;
    this.#set('degraded');
    this.#scheduleProbe(FIRST_PROBE_MS);
  }

  #scheduleProbe(inMs: number): void {
    this.#cancelProbe = this.clock.after(inMs, () => void this.#probe(Math.min(inMs * 2, MAX_PROBE_MS)));
  }

  async #probe(nextMs: number): Promise<void> {
    const isBack = await this.probe().then(
      () => true,
      () => false,
    );
    if (this.#isClosed) return;
    if (isBack) this.#set('connected');
    else this.#scheduleProbe(nextMs);
  }

  #set(state: RedisState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
