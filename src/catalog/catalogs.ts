import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.js';
import { ANONYMOUS, type Caller } from '../linode/caller.js';
import { LinodeClient, type CallTerms, type ClientParts, type LinodeReads } from '../linode/client/client.js';
import { Catalog, type CatalogSettings } from './images/imageCatalog.js';
import { HighWater } from './highWaterMark.js';
import { PublicImages } from './images/publicImages.js';
import { Reading, type Slot } from './reading.js';
import { CachedLinode } from './reads/cachedLinode.js';
import { CachedReads } from './reads/cachedReads.js';
import { RefusedFilters } from './reads/refusedFilters.js';
import { Regions } from './reads/regions.js';
import { Sequence } from './sequence.js';
import type { SharedCatalogs } from './sharedCatalogs.js';
import { bytesOfCatalog } from './images/memoryEstimate.js';

export interface CatalogsSettings extends CatalogSettings {
  /** Callers held at most. */
  maxCallers: number;
  /** Bytes that their catalogs take at most, as estimated. */
  maxBytes: number;
}

const IDLE_MS = 15 * 60_000;
const SWEEP_MS = 60_000;

/** What operations share. The catalogs of all callers: the least recently used go first, the idle go too, the anonymous one stays. */
export class Catalogs implements SharedCatalogs {
  /** Told whenever what a caller read before may not be used any more. */
  onEpoch: (caller: Caller, epoch: number) => void = () => undefined;
  readonly regions: Regions;
  readonly refusedFilters: RefusedFilters;
  /** Of the progress of images. */
  readonly highWater: HighWater;
  readonly #sequence: Sequence;
  readonly #publicImages = new PublicImages();
  readonly #catalogs: LRUCache<string, Catalog>;
  readonly #sizes = new WeakMap<Catalog, { version: number; bytes: number }>();
  readonly #anonymous: Catalog;
  readonly #cachedReads: CachedReads;
  readonly #clock: Clock;
  #cancelSweep: () => void = () => undefined;

  constructor(
    private readonly parts: ClientParts,
    private readonly settings: CatalogsSettings,
  ) {
    this.#clock = parts.clock;
    this.#sequence = new Sequence(parts.clock);
    this.#catalogs = new LRUCache<string, Catalog>({
      max: settings.maxCallers,
      maxSize: settings.maxBytes,
      ttl: IDLE_MS,
      updateAgeOnGet: true,
      perf: { now: () => parts.clock.now() },
      ttlResolution: 0,
    });
    this.#anonymous = this.#create(ANONYMOUS);
    this.regions = new Regions(this.#anonymous.linode, settings.requestTimeoutMs, this.#sequence);
    this.#cachedReads = new CachedReads(settings, this.#sequence, parts.clock);
    this.refusedFilters = new RefusedFilters(parts.clock);
    this.highWater = new HighWater(parts.clock);
    this.#sweepLater();
  }

  /** The caller's catalog, empty at first. Ask anew each time: an idle one may have been dropped meanwhile. */
  of(caller: Caller): Catalog {
    if (caller.token === null) return this.#anonymous;
    let catalog = this.#catalogs.get(caller.key);
    if (!catalog) {
      catalog = this.#create(caller);
      this.#catalogs.set(caller.key, catalog, { size: bytesOfCatalog([]) });
    }
    return catalog;
  }

  held(callerKey: string): Catalog | undefined {
    return callerKey === ANONYMOUS.key ? this.#anonymous : this.#catalogs.get(callerKey);
  }

  weigh(caller: Caller): void {
    const catalog = this.#catalogs.peek(caller.key);
    if (!catalog) return;
    const { version } = catalog;
    if (this.#sizes.get(catalog)?.version === version) return;
    const bytes = bytesOfCatalog(catalog.images);
    this.#sizes.set(catalog, { version, bytes });
    // Setting the value that is there already would leave its size as it was. A catalog that is larger than the
    // bound by itself is the only one that is kept: without it each of its readers would ask Linode.
    this.#catalogs.delete(caller.key);
    this.#catalogs.set(caller.key, catalog, { size: Math.min(bytes, this.#catalogs.maxSize) });
  }

  reading(terms: CallTerms, maxAgeMs: number | undefined, slot?: Slot | undefined): Reading {
    return new Reading(this.#sequence.moment(), terms, maxAgeMs, slot);
  }

  linode(caller: Caller, reading: Reading): LinodeReads {
    return new CachedLinode(() => this.of(caller), this.#cachedReads, reading);
  }

  get usage(): { callers: number; bytes: number } {
    return { callers: this.#catalogs.size, bytes: this.#catalogs.calculatedSize };
  }

  close(): void {
    this.#cancelSweep();
  }

  #create(caller: Caller): Catalog {
    const linode = new LinodeClient(caller, this.parts);
    const catalog = new Catalog(linode, this.settings, this.#sequence, this.#publicImages, this.parts.random);
    catalog.onEpoch = () => {
      this.onEpoch(caller, catalog.epoch);
    };
    return catalog;
  }

  #sweepLater(): void {
    this.#cancelSweep = this.#clock.after(SWEEP_MS, () => {
      this.#catalogs.purgeStale();
      this.#sweepLater();
    });
  }
}
