import { randomBytes } from 'node:crypto';
import type { Redis as IORedis, RedisOptions } from 'ioredis';
import type { Clock } from '../clock.js';
import { Circuit } from './circuit.js';
import type { Lock, Redis, Reply, Script } from './redis.js';
import { COMPARE_AND_SET, digestOf } from './scripts.js';
import { Subscriptions } from './subscriptions.js';

/** A command that takes longer has failed, although Redis may still carry it out. */
const COMMAND_TIMEOUT_MS = 50;
const CONNECT_TIMEOUT_MS = 500;
/** After so many probes without a response, about a second, the connection is replaced. */
const MAX_SILENT_PROBES = 4;
const PROBE_KEY = 'linode-images:probe';
const NO_VALUE = Buffer.alloc(0);

/** Error replies that mean that Redis cannot serve, rather than that the command is wrong. */
const OUTAGE_REPLY = /^(OOM|LOADING|READONLY|MISCONF|MASTERDOWN|BUSY|NOAUTH|NOPERM|WRONGPASS|CLUSTERDOWN)\b/;

const OPTIONS = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  enableAutoPipelining: true,
  retryStrategy: (attempt: number) => Math.min(1000, 50 * 2 ** attempt),
} satisfies RedisOptions;

export interface ConnectOptions {
  /** redis:// or rediss://, with credentials and a database. */
  url: string;
  clock: Clock;
  /** How long a command may take, in ms; default 50. */
  timeoutMs?: number;
}

/**
 * Connects by ioredis, which is loaded here and nowhere else. It resolves when Redis has answered, or has not for
 * half a second: then the state is `degraded` until it does.
 */
export async function connectRedis(options: ConnectOptions): Promise<Redis> {
  const { url, clock, timeoutMs = COMMAND_TIMEOUT_MS } = options;
  const { Redis: Client, Command } = await import('ioredis');
  const client: IORedis = new Client(url, OPTIONS);
  const subscriber: IORedis = new Client(url, OPTIONS);
  // Without a listener, ioredis writes to the console. The circuit notices by itself.
  for (const each of [client, subscriber]) each.on('error', () => undefined);
  // ioredis 6.0.0 pipelines `callBuffer` wrongly: it sends the first argument as the command.
  const call: Call = (name, args) =>
    client.sendCommand(new Command(name, args, { replyEncoding: null })) as Promise<Reply>;
  const redis = new ConnectedRedis(client, call, new Subscriptions(subscriber), clock, timeoutMs);
  await Promise.all([isReady(client, clock), isReady(subscriber, clock)]);
  await redis.start();
  return redis;
}

function isReady(client: IORedis, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(CONNECT_TIMEOUT_MS, resolve);
    client.once('ready', () => {
      cancel();
      resolve();
    });
  });
}

type Argument = string | number | Buffer;
/** Sends a command whose reply is bytes. */
type Call = (name: string, args: Argument[]) => Promise<Reply>;

class ConnectedRedis implements Redis {
  readonly #circuit: Circuit;
  #silentProbes = 0;
  #onCommand: (durationMs: number, isSuccess: boolean) => void = () => undefined;

  constructor(
    private readonly client: IORedis,
    private readonly call: Call,
    private readonly subscriptions: Subscriptions,
    private readonly clock: Clock,
    private readonly timeoutMs: number,
  ) {
    // A write: a Redis that is full or a replica answers reads.
    this.#circuit = new Circuit(clock, () => this.#probe());
    client.on('close', () => {
      this.#circuit.open();
    });
  }

  get state() {
    return this.#circuit.state;
  }

  start(): Promise<void> {
    return this.#circuit.start();
  }

  onState(listener: Parameters<Redis['onState']>[0]): void {
    this.#circuit.onState(listener);
  }

  onCommand(listener: (durationMs: number, isSuccess: boolean) => void): void {
    this.#onCommand = listener;
  }

  async run(script: Script, keys: readonly string[], args: readonly Argument[] = []): Promise<Reply> {
    const rest = [keys.length, ...keys, ...args];
    const evaluate = async (): Promise<Reply> => {
      try {
        return await this.call('evalsha', [digestOf(script), ...rest]);
      } catch (error) {
        if (!/^NOSCRIPT/.test((error as Error).message)) throw error;
        return await this.call('eval', [script.lua, ...rest]);
      }
    };
    return this.#send(evaluate, keys);
  }

  get(key: string): Promise<Buffer | null> {
    return this.#send(() => this.client.getBuffer(key), [key]);
  }

  async set(key: string, value: Buffer, ttlMs: number): Promise<void> {
    await this.#send(() => this.client.set(key, value, 'PX', Math.ceil(ttlMs)));
  }

  async delete(key: string): Promise<void> {
    await this.#send(() => this.client.unlink(key));
  }

  async compareAndSet(
    key: string,
    expected: Buffer | null,
    value: Buffer | null,
    ttlMs: number,
  ): Promise<boolean> {
    const args = [expected ?? NO_VALUE, value ?? NO_VALUE, Math.ceil(ttlMs)];
    return (await this.run(COMPARE_AND_SET, [key], args)) === 1;
  }

  async lock(key: string, ttlMs: number): Promise<Lock | null> {
    const owner = randomBytes(16);
    const reply = await this.#send(() => this.client.set(key, owner, 'PX', Math.ceil(ttlMs), 'NX'), [key]);
    if (reply !== 'OK') return null;
    return {
      release: async () => {
        await this.compareAndSet(key, owner, null, ttlMs);
      },
    };
  }

  async publish(channel: string, message: Buffer): Promise<void> {
    await this.#send(() => this.client.publish(channel, message));
  }

  subscribe(channel: string, onMessage: (message: Buffer) => void): () => void {
    return this.subscriptions.add(channel, onMessage);
  }

  close(): Promise<void> {
    this.#circuit.close();
    this.subscriptions.close();
    this.client.disconnect();
    return Promise.resolve();
  }

  /**
   * Rejects when the command takes too long. A process that stood still itself first reads what has arrived meanwhile:
   * ioredis's own timeouts would take that for an outage.
   */
  #inTime<T>(command: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(this.timeoutMs, () => {
        setImmediate(() =>
          setImmediate(() => {
            reject(new CommandTimeout(`Redis did not respond in ${this.timeoutMs} ms`));
          }),
        );
      });
      command.then(resolve, reject).finally(cancel);
    });
  }

  async #probe(): Promise<void> {
    try {
      await this.#inTime(this.client.set(PROBE_KEY, '1', 'PX', 1000));
      this.#silentProbes = 0;
    } catch (error) {
      if (error instanceof CommandTimeout && ++this.#silentProbes % MAX_SILENT_PROBES === 0) {
        this.client.disconnect(true);
      }
      throw error;
    }
  }

  /** @param keys deleted if the command fails by what they hold: bytes of another program, or of another version */
  async #send<T>(command: () => Promise<T>, keys: readonly string[] = []): Promise<T> {
    const startedAt = this.clock.now();
    try {
      const reply = await this.#circuit.run(() => this.#inTime(command()), isOutage);
      this.#onCommand(this.clock.now() - startedAt, true);
      return reply;
    } catch (error) {
      const { cause } = error as Error;
      // An open circuit has sent nothing.
      if (cause) this.#onCommand(this.clock.now() - startedAt, false);
      if (cause && !isOutage(cause) && keys.length > 0) this.client.unlink(...keys).catch(() => undefined);
      throw error;
    }
  }
}

class CommandTimeout extends Error {
  override readonly name = 'CommandTimeout';
}

const isOutage = (error: unknown): boolean =>
  (error as Error).name !== 'ReplyError' || OUTAGE_REPLY.test((error as Error).message);
