import { LRUCache } from 'lru-cache';
import type { Catalogs } from '../catalog/catalogs.js';
import type { Clock } from '../clock.js';
import type { Caller } from '../linode/caller.js';
import { Answerer, CallIds, type Answers } from './answerer.js';
import { createCatalogAnswers } from './catalogAnswers.js';
import type { Channel } from './channel.js';
import { Drops } from './drops.js';
import type { QuestionOf, ToPrimary, ToWorker } from './messages.js';
import { MetricsPool } from './metricsPool.js';

/** Callers of whom is remembered what each worker was told. */
const MOST_CALLERS = 100_000;

export interface HubOptions {
  catalogs: Catalogs;
  clock: Clock;
  /** Counts one request for the rate limit: 0 if it is within the limit, else after how many ms to retry. */
  consume: (request: QuestionOf<'consume'>) => Promise<number>;
  /** The primary's own metrics, as prom-client tells them in JSON. */
  metrics: () => Promise<object[]>;
}

/** A worker as the hub sees it. */
export interface Link {
  channel: Channel<ToWorker, ToPrimary>;
  /** Ends it at once. */
  kill(): void;
  /** Told what does not concern catalogs. */
  onMessage?: (message: ToPrimary) => void;
}

/** The primary's side: one set of catalogs, all workers. */
export class Hub {
  readonly #members = new Set<Member>();
  readonly #drops: Drops;
  readonly #metrics: MetricsPool;
  readonly #callIds = new CallIds();

  constructor(private readonly options: HubOptions) {
    const { catalogs, clock } = options;
    this.#drops = new Drops(clock);
    this.#metrics = new MetricsPool(clock, options.metrics);
    catalogs.onEpoch = (caller, epoch) => {
      this.#drops.drop(caller.key, epoch, this.#members);
    };
  }

  /** Serves a worker from now on; the answer ends that when it is gone. */
  join(link: Link): () => void {
    const member = new Member(link);
    const answerer = new Answerer(this.#answersTo(member), this.#callIds, (message) => {
      member.send(message);
    });
    this.#members.add(member);
    link.channel.onMessage((message) => {
      switch (message.type) {
        case 'ask':
          void answerer.asked(message);
          break;
        case 'abort':
          answerer.abort(message);
          break;
        case 'dropped':
          this.#drops.dropped(message.id, member);
          break;
        case 'collected':
          this.#metrics.collected(message.id, message.metrics);
          break;
        case 'filterRefused':
          this.broadcast(message, member);
          break;
        default:
          link.onMessage?.(message);
      }
    });
    return () => {
      if (!this.#members.delete(member)) return;
      member.isGone = true;
      answerer.close();
      this.#drops.leave(member);
      this.#metrics.leave(member);
    };
  }

  /** Tells all workers, but one. */
  broadcast(message: ToWorker, but?: object): void {
    for (const member of this.#members) if (member !== but) member.send(message);
  }

  #answersTo(member: Member): Answers {
    const { catalogs, clock, consume } = this.options;
    return {
      ...createCatalogAnswers({
        catalogs,
        clock,
        forgotten: ({ key }) => this.#drops.settled(key),
        onTold: (caller, version) => {
          this.#told(member, caller, version);
        },
      }),
      consume,
      metrics: () => this.#metrics.text(this.#members),
    };
  }

  /** A worker is told of news that the others do not have: they ask before they answer from memory again. */
  #told(member: Member, { key }: Caller, version: number): void {
    member.told.set(key, version);
    for (const other of this.#members) {
      const known = other.told.get(key);
      if (known === undefined || known >= version) continue;
      other.told.delete(key);
      other.send({ type: 'moved', callerKey: key, version });
    }
  }
}

/** A worker that is there. */
class Member {
  /** The version of each caller's images that it was last told of. */
  readonly told = new LRUCache<string, number>({ max: MOST_CALLERS });
  isGone = false;

  constructor(private readonly link: Link) {}

  send(message: ToWorker): void {
    if (!this.isGone) this.link.channel.send(message);
  }

  kill(): void {
    this.link.kill();
  }

  collect(id: number): void {
    this.send({ type: 'collect', id });
  }
}
