import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.js';
import { ANONYMOUS, type Caller } from '../linode/caller.js';
import { LinodeClient, type CallTerms, type ClientParts, type LinodeReads } from '../linode/client/client.js';
import { ChangeListeners, type ChangeListener } from './changeListeners.js';
import { HighWaterMark } from './highWaterMark.js';
import { ImageCatalog, type CatalogSettings } from './images/imageCatalog.js';
import { EMPTY_CATALOG_BYTES } from './images/memoryEstimate.js';
import { PublicImages } from './images/publicImages.js';
import { Reading, type Slot } from './reading.js';
import { CachedLinode } from './reads/cachedLinode.js';
import { CachedReads } from './reads/cachedReads.js';
import { RefusedFilters } from './reads/refusedFilters.js';
import { Regions } from './reads/regions.js';
import { Sequence } from './sequence.js';
import { Serial } from './serial.js';
import type { SharedCatalogs } from './sharedCatalogs.js';
import type { Sharing } from './sharing/sharing.js';

export interface CatalogsSettings extends CatalogSettings {
  /** Callers with a cached catalog. */
  maxCallers: number;
  /** Memory that their catalogs take, in bytes, as estimated. */
  maxBytes: number;
}

const IDLE_MS = 15 * 60_000;
const SWEEP_MS = 60_000;

/** The catalogs of all callers, an LRU from which idle ones are evicted too, and what else operations share. */
export class Catalogs implements SharedCatalogs {
  /** Called when what a caller has read before may not be used any more. */
  onEpoch: (caller: Caller, epoch: number) => void = () => undefined;
  readonly regions: Regions;
  readonly refusedFilters: RefusedFilters;
  /** Of the progress of images. */
  readonly highWaterMark: HighWaterMark;
  readonly #clock: Clock;
  readonly #sequence: Sequence;
  readonly #publicImages = new PublicImages();
  readonly #regionWrites = new Serial();
  readonly #catalogs: LRUCache<string, ImageCatalog>;
  readonly #anonymous: ImageCatalog;
  readonly #cachedReads: CachedReads;
  readonly #changes = new ChangeListeners();
  #cancelSweep: () => void = () => undefined;

  constructor(
    private readonly parts: ClientParts,
    private readonly settings: CatalogsSettings,
    /** Absent: there is one process. */
    readonly sharing?: Sharing | undefined,
  ) {
    const { clock } = parts;
    this.#clock = clock;
    this.#sequence = new Sequence(clock);
    this.#catalogs = new LRUCache<string, ImageCatalog>({
      max: settings.maxCallers,
      maxSize: settings.maxBytes,
      ttl: IDLE_MS,
      updateAgeOnGet: true,
      perf: clock,
      ttlResolution: 0,
    });
    this.#anonymous = this.#create(ANONYMOUS);
    const fetches = sharing?.fetches;
    this.regions = new Regions(this.#anonymous.linode, settings.requestTimeoutMs, this.#sequence, fetches);
    this.#cachedReads = new CachedReads(settings, this.#sequence, clock, fetches);
    this.refusedFilters = new RefusedFilters(clock);
    this.highWaterMark = new HighWaterMark(clock, sharing);
    sharing?.connect({
      apply: ({ callerKey, ...change }) => this.#catalogs.peek(callerKey)?.applyRemote(change),
      applyUnknown: () => {
        for (const catalog of [this.#anonymous, ...this.#catalogs.values()]) {
          catalog.applyRemote({ kind: 'list' });
        }
      },
    });
    this.#scheduleSweep();
  }

  of(caller: Caller): ImageCatalog {
    if (caller.token === null) return this.#anonymous;
    let catalog = this.#catalogs.get(caller.key);
    if (!catalog) {
      catalog = this.#create(caller);
      this.#catalogs.set(caller.key, catalog, { size: EMPTY_CATALOG_BYTES });
    }
    catalog.linode.renew(caller);
    return catalog;
  }

  cached(callerKey: string): ImageCatalog | undefined {
    return callerKey === ANONYMOUS.key ? this.#anonymous : this.#catalogs.get(callerKey);
  }

  onChange(listener: ChangeListener): () => void {
    return this.#changes.add(listener);
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

  #create(caller: Caller): ImageCatalog {
    const catalog: ImageCatalog = new ImageCatalog({
      linode: new LinodeClient(caller, this.parts),
      settings: this.settings,
      sequence: this.#sequence,
      publicImages: this.#publicImages,
      regionWrites: this.#regionWrites,
      random: this.parts.random,
      sharing: this.sharing,
      onEpoch: () => {
        this.onEpoch(caller, catalog.epoch);
        this.#changes.notify(caller.key);
      },
      onSize: () => {
        this.#updateSize(caller, catalog);
        this.#changes.notify(caller.key);
      },
    });
    return catalog;
  }

  #updateSize(caller: Caller, catalog: ImageCatalog): void {
    if (this.#catalogs.peek(caller.key) !== catalog) return;
    // Setting the same value again would not update its size. A catalog that exceeds the limit by itself is the only
    // one that stays: if it were evicted, each of its readers would list again.
    this.#catalogs.delete(caller.key);
    this.#catalogs.set(caller.key, catalog, { size: Math.min(catalog.bytes, this.#catalogs.maxSize) });
  }

  #scheduleSweep(): void {
    this.#cancelSweep = this.#clock.after(SWEEP_MS, () => {
      this.#catalogs.purgeStale();
      this.#scheduleSweep();
    });
  }
}
