import { Agenda } from './agenda.js';
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

/** An event whose status and percent follow from the clock; see events.ts. */
export interface EventRecord {
  id: number;
  action: string;
  createdMs: number;
  username: string | null;
  entity: EventEntity | null;
  secondary: EventEntity | null;
  message: string;
  /** How it ends; a notification never runs. */
  outcome: 'finished' | 'failed' | 'notification';
  /** null: not begun. */
  startsMs: number | null;
  endsMs: number | null;
}

export interface LinodeRecord {
  linode: SandboxLinode;
  disks: SandboxDisk[];
}

/** A place that waits for bytes. */
export interface Upload {
  account: Account;
  imageId: string;
  signature: string;
  expiresMs: number;
  event: EventRecord;
  received: boolean;
}

/** A running capture, by its image id. */
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
  /** Serialised lists of images, by viewer and question; emptied by every change of an image. */
  readonly lists = new Map<string, Buffer>();

  constructor(readonly name: string) {}
}

/** Who a token stands for. */
export interface Caller {
  token: string;
  /** As in X-OAuth-Scopes: `*`, or words with spaces between. */
  scopes: string;
  account: Account;
  username: string;
  /** null: unrestricted, may do everything. */
  grants: SandboxGrants | null;
}

/** Everything there is: what a reset throws away. */
export class World {
  readonly regions: readonly SandboxRegion[] = REGIONS;
  readonly publicImages = new Map<string, SandboxImage>();
  readonly publicLists = new Map<string, Buffer>();
  readonly accounts: Account[] = [];
  readonly callers = new Map<string, Caller>();
  readonly uploads = new Map<number, Upload>();
  readonly agenda = new Agenda();
  nextImageNumber = 24_100_001;
  nextEventNumber = 700_000_001;

  constructor(
    readonly now: () => number,
    readonly origin: () => string,
    readonly deletionMs: number,
  ) {}

  /** Brings the state up to the clock. */
  settle(): void {
    this.agenda.settle(this.now());
  }

  /** The account whose image this is; null for a public one; undefined where there is none. */
  ownerOf(id: string): Account | null | undefined {
    if (this.publicImages.has(id)) return null;
    return this.accounts.find((account) => account.images.has(id));
  }

  /** To be called after every change of an image. */
  imagesChanged(owner: Account | null): void {
    if (owner) {
      owner.lists.clear();
      return;
    }
    this.publicLists.clear();
    for (const account of this.accounts) account.lists.clear();
  }
}
