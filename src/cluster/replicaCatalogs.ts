import { LRUCache } from 'lru-cache';
import { bytesOfCatalog } from '../catalog/images/memoryEstimate.js';
import { PublicImages } from '../catalog/images/publicImages.js';
import { ChangeListeners, type ChangeListener } from '../catalog/changeListeners.js';
import { Reading, type Slot } from '../catalog/reading.js';
import { RefusedFilters } from '../catalog/reads/refusedFilters.js';
import { Sequence } from '../catalog/sequence.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Clock } from '../clock.js';
import { checkShape } from '../linode/client/response.js';
import { ANONYMOUS, toWire, type Caller } from '../linode/caller.js';
import type { CallTerms, LinodeReads, ReadRequest } from '../linode/client/client.js';
import { assertToken } from '../linode/client/tokenChecks.js';
import { PrimarySilent, type Asker } from './asker.js';
import { ReplicaCatalog, type ReplicaParts } from './replicaCatalog.js';
import { ReplicaRegions } from './replicaRegions.js';
import { SharedAsks } from './sharedAsks.js';
import { WireReadings } from './wireReading.js';

export interface ReplicaSettings {
  /** Callers held at most. */
  maxCallers: number;
  /** Bytes that their images take at most, as estimated. */
  maxBytes: number;
  /** How long one question may take, in ms. */
  requestTimeoutMs: number;
}

const IDLE_MS = 60_000;

/** What a worker has of what operations share: copies, for as long as they are fresh. */
export class ReplicaCatalogs implements SharedCatalogs {
  readonly regions: ReplicaRegions;
  readonly refusedFilters: SharedCatalogs['refusedFilters'];
  readonly highWaterMark: SharedCatalogs['highWaterMark'];
  readonly #sequence: Sequence;
  readonly #readings: WireReadings;
  readonly #parts: ReplicaParts;
  readonly #replicas: LRUCache<string, ReplicaCatalog>;
  readonly #anonymous: ReplicaCatalog;
  readonly #asks: SharedAsks;
  readonly #changes = new ChangeListeners();
  readonly #filters: RefusedFilters;
  #cancelSweep: () => void = () => undefined;

  /** @param onFilterRefused told of every kind of filter that was refused here */
  constructor(
    private readonly asker: Asker,
    private readonly clock: Clock,
    settings: ReplicaSettings,
    onFilterRefused: (caller: Caller, kind: string) => void,
  ) {
    this.#sequence = new Sequence(clock);
    const { requestTimeoutMs } = settings;
    this.#readings = new WireReadings(clock);
    this.#parts = {
      asker,
      clock,
      sequence: this.#sequence,
      readings: this.#readings,
      requestTimeoutMs,
      publicImages: new PublicImages(),
    };
    this.#replicas = new LRUCache<string, ReplicaCatalog>({
      max: settings.maxCallers,
      maxSize: settings.maxBytes,
      ttl: IDLE_MS,
      updateAgeOnGet: true,
      perf: { now: () => clock.now() },
      ttlResolution: 0,
    });
    this.#anonymous = this.#create(ANONYMOUS);
    this.#asks = new SharedAsks(this.#sequence, requestTimeoutMs);
    this.regions = new ReplicaRegions(asker, this.#readings, this.#sequence, requestTimeoutMs);
    this.#filters = new RefusedFilters(clock);
    this.refusedFilters = {
      has: (caller, kind) => this.#filters.has(caller, kind),
      add: (caller, kind) => {
        this.#filters.add(caller, kind);
        onFilterRefused(caller, kind);
      },
    };
    this.highWaterMark = {
      reach: (caller, work, percent) =>
        asker.askSoon('reach', { ...toWire(caller), work, percent }).catch((error: unknown) => {
          if (error instanceof PrimarySilent) return percent;
          throw error;
        }),
    };
    this.#sweepLater();
  }

  of(caller: Caller): ReplicaCatalog {
    if (caller.token === null) return this.#anonymous;
    let replica = this.#replicas.get(caller.key);
    if (!replica) {
      replica = this.#create(caller);
      this.#replicas.set(caller.key, replica, { size: bytesOfCatalog([]) });
    }
    replica.renew(caller);
    return replica;
  }

  cached(callerKey: string): ReplicaCatalog | undefined {
    return callerKey === ANONYMOUS.key ? this.#anonymous : this.#replicas.get(callerKey);
  }

  #updateSize(caller: Caller, replica: ReplicaCatalog): void {
    if (this.#replicas.peek(caller.key) !== replica) return;
    this.#replicas.delete(caller.key);
    this.#replicas.set(caller.key, replica, {
      size: Math.min(bytesOfCatalog(replica.images), this.#replicas.maxSize),
    });
  }

  onChange(listener: ChangeListener): () => void {
    return this.#changes.add(listener);
  }

  reading(terms: CallTerms, maxAgeMs: number | undefined, slot?: Slot): Reading {
    return new Reading(this.#sequence.moment(), terms, maxAgeMs, slot);
  }

  linode(caller: Caller, reading: Reading): LinodeReads {
    return {
      read: async (request) => {
        if (request.needsToken) assertToken(caller, 'GET', request.path);
        return this.#read(caller, reading, request);
      },
    };
  }

  get usage(): { callers: number; bytes: number } {
    return { callers: this.#replicas.size, bytes: this.#replicas.calculatedSize };
  }

  close(): void {
    this.#cancelSweep();
    this.#replicas.clear();
  }

  /** Forgets what was read of a caller before. */
  drop(callerKey: string, epoch: number): void {
    this.cached(callerKey)?.drop(epoch);
    this.#changes.notify(callerKey);
  }

  /** Another worker learnt something newer of a caller's images. */
  moved(callerKey: string, version: number): void {
    this.cached(callerKey)?.moved(version);
    this.#changes.notify(callerKey);
  }

  /** A kind of filter was refused elsewhere. */
  filterRefused(key: string, kind: string): void {
    this.#filters.add({ ...ANONYMOUS, key }, kind);
  }

  /** Who does not come again would else stay until the bound is reached. */
  #sweepLater(): void {
    this.#cancelSweep = this.clock.after(IDLE_MS, () => {
      this.#replicas.purgeStale();
      this.#sweepLater();
    });
  }

  #create(caller: Caller): ReplicaCatalog {
    const replica: ReplicaCatalog = new ReplicaCatalog(caller, this.#parts, () => {
      this.#updateSize(caller, replica);
      this.#changes.notify(caller.key);
    });
    return replica;
  }

  async #read<T>(caller: Caller, reading: Reading, request: ReadRequest<T>): Promise<T> {
    const { path, xFilter, needsToken = false, shape } = request;
    const { epoch } = this.of(caller);
    const key = [caller.key, epoch, this.#readings.keyOf(reading), path, xFilter ?? ''].join(' ');
    const { value, came } = await this.#asks.ride(key, reading, async (terms) => {
      const question = {
        ...toWire(caller),
        terms: this.#readings.termsOf(reading, terms),
        path,
        xFilter,
        needsToken,
      };
      const { json, came } = await this.asker.ask('read', question, terms);
      const facts = { method: 'GET', path: path.replace(/\?.*/, ''), status: 200 };
      return { value: checkShape(json, shape, facts), came };
    });
    this.#readings.note(reading, came);
    return value;
  }
}
