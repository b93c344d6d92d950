import { Schedule } from './schedule.js';
import type {
  EventEntity,
  SandboxDisk,
  SandboxGrants,
  SandboxImage,
  SandboxImageRegion,
  SandboxLinode,
  SandboxRegion,
  SandboxUser,
} from './wire.js';
import { rowInVersion, type ApiVersion } from './apiVersion.js';
import { regionsOf } from './regions.js';

/** An event; its status and percent are computed from the clock, see events.ts. */
export interface EventRecord {
  id: number;
  action: string;
  createdMs: number;
  username: string | null;
  entity: EventEntity | null;
  secondary: EventEntity | null;
  message: string;
  /** Its final status; a notification has no progress. */
  outcome: 'finished' | 'failed' | 'notification';
  /** null: not started. */
  startsMs: number | null;
  endsMs: number | null;
}

export interface LinodeRecord {
  linode: SandboxLinode;
  disks: SandboxDisk[];
}

/** Makes the work that a request starts fail, or never end. */
export interface WorkFault {
  outcome: 'failed' | 'stuck';
  /** The message of the failed event; each kind of work has a default. */
  message?: string;
}

/** An open upload URL. */
export interface Upload {
  account: Account;
  imageId: string;
  region: string;
  signature: string;
  expiresMs: number;
  event: EventRecord;
  received: boolean;
  fault?: WorkFault;
}

/** A running capture. */
export interface Capture {
  diskId: number;
  event: EventRecord;
}

export class Account {
  readonly users = new Map<string, SandboxUser>();
  readonly images = new Map<string, SandboxImage>();
  readonly linodes = new Map<number, LinodeRecord>();
  readonly captures = new Map<string, Capture>();
  readonly events: EventRecord[] = [];
  /** Serialized image lists by viewer, query and filter; cleared when an image changes. */
  readonly listCache = new Map<string, Buffer>();

  constructor(readonly name: string) {}
}

/** The identity behind a token. */
export interface Caller {
  token: string;
  /** As in X-OAuth-Scopes: `*`, or separated by spaces. */
  scopes: string;
  account: Account;
  username: string;
  /** null: unrestricted. */
  grants: SandboxGrants | null;
  timezone: string;
  /** When the token ends, if the login server issued it; absent: never. */
  expiresMs?: number;
}

/** The state of the sandbox; a reset replaces it. */
export class World {
  readonly regions: readonly SandboxRegion[];
  readonly publicImages = new Map<string, SandboxImage>();
  readonly publicListCache = new Map<string, Buffer>();
  readonly accounts: Account[] = [];
  readonly callers = new Map<string, Caller>();
  readonly uploads = new Map<number, Upload>();
  readonly schedule = new Schedule();
  /** Replicas that a fault keeps pending. */
  readonly stuckReplicas = new WeakSet<SandboxImageRegion>();
  #speed = 1;
  nextImageNumber = 24_100_001;
  nextEventNumber = 700_000_001;

  constructor(
    readonly now: () => number,
    readonly origin: () => string,
    readonly deletionMs: number,
    readonly version: ApiVersion,
  ) {
    this.regions = regionsOf(version);
  }

  /** The identity behind a token that has not ended. */
  callerOf(token: string | null): Caller | undefined {
    const caller = token === null ? undefined : this.callers.get(token);
    return caller && this.now() >= (caller.expiresMs ?? Infinity) ? undefined : caller;
  }

  /** The image as the API's version sends it. */
  wireImage(image: SandboxImage): SandboxImage {
    return rowInVersion(this.version, 'image', image);
  }

  /** Runs the scheduled changes that are due. */
  runDue(): void {
    this.schedule.runDue(this.now());
  }

  /** Work takes its time divided by the speed: 90 s of capture take 10 s at speed 9. */
  get speed(): number {
    return this.#speed;
  }

  /** Changes the speed, also of work in progress. */
  set speed(speed: number) {
    this.runDue();
    const nowMs = this.now();
    const factor = this.#speed / speed;
    this.schedule.rescaleWork(nowMs, factor);
    const rescale = (ms: number) => nowMs + (ms - nowMs) * factor;
    for (const event of this.accounts.flatMap((account) => account.events)) {
      if (event.startsMs === null || (event.endsMs ?? Infinity) <= nowMs) continue;
      event.startsMs = rescale(event.startsMs);
      if (event.endsMs !== null) event.endsMs = rescale(event.endsMs);
    }
    this.#speed = speed;
  }

  /** When work that starts now and takes `ms` at speed 1 will end. */
  endOfWork(ms: number): number {
    return this.now() + ms / this.#speed;
  }

  /** Runs `run` at the end of work that starts now and takes `ms` at speed 1. Returns that time. */
  afterWork(ms: number, run: (atMs: number) => void): number {
    const endMs = this.endOfWork(ms);
    this.schedule.at(endMs, run, true);
    return endMs;
  }

  /** The account that owns the image; null for a public image, undefined if it does not exist. */
  ownerOf(id: string): Account | null | undefined {
    if (this.publicImages.has(id)) return null;
    return this.accounts.find((account) => account.images.has(id));
  }

  /** Call after every change of an image. */
  invalidateLists(owner: Account | null): void {
    if (owner) {
      owner.listCache.clear();
      return;
    }
    this.publicListCache.clear();
    for (const account of this.accounts) account.listCache.clear();
  }
}
