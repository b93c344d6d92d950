import { Schedule } from './schedule.js';
import type {
  EventEntity,
  SandboxDisk,
  SandboxGrants,
  SandboxImage,
  SandboxLinode,
  SandboxRegion,
  SandboxUser,
} from './wire.js';
import { REGIONS } from './seedRegions.js';

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

/** An open upload URL. */
export interface Upload {
  account: Account;
  imageId: string;
  signature: string;
  expiresMs: number;
  event: EventRecord;
  received: boolean;
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
}

/** The state of the sandbox; a reset replaces it. */
export class World {
  readonly regions: readonly SandboxRegion[] = REGIONS;
  readonly publicImages = new Map<string, SandboxImage>();
  readonly publicListCache = new Map<string, Buffer>();
  readonly accounts: Account[] = [];
  readonly callers = new Map<string, Caller>();
  readonly uploads = new Map<number, Upload>();
  readonly schedule = new Schedule();
  nextImageNumber = 24_100_001;
  nextEventNumber = 700_000_001;

  constructor(
    readonly now: () => number,
    readonly origin: () => string,
    readonly deletionMs: number,
  ) {}

  /** Runs the scheduled changes that are due. */
  runDue(): void {
    this.schedule.runDue(this.now());
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
