import type { Reading } from '../catalog/reading.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { LinodeEvent } from '../linode/api/events.js';
import type { LinodeList } from '../linode/api/page.js';
import type { Caller } from '../linode/caller.js';
import { createRequests, type Requests } from './requests.js';
import { createDiskLoaders, type DiskLoaders } from './disk.js';
import { createEventLoaders, type EventLoaders } from './event.js';
import { createImageLoaders, type ImageLoaders } from './image.js';
import { createLinodeLoaders, type LinodeLoaders } from './linode.js';
import { createProgressLoaders, type ProgressLoaders } from './progress.js';
import { createRegionLoaders, type RegionLoaders } from './region.js';
import { createUserLoaders, type UserLoaders } from './user.js';

/** All loaders of one operation, each created on first use. A new resource adds its own here. */
export class Loaders {
  #requests: Requests | undefined;
  #images: ImageLoaders | undefined;
  #regions: RegionLoaders | undefined;
  #linodes: LinodeLoaders | undefined;
  #disks: DiskLoaders | undefined;
  #users: UserLoaders | undefined;
  #events: EventLoaders | undefined;
  #progress: ProgressLoaders | undefined;

  constructor(
    private readonly catalogs: SharedCatalogs,
    private readonly caller: Caller,
    private readonly reading: Reading,
    /** Events that may concern images, where they were read before. */
    private readonly knownEvents?: LinodeList<LinodeEvent>,
  ) {}

  get images(): ImageLoaders {
    return (this.#images ??= createImageLoaders(this.catalogs, this.caller, this.reading));
  }

  get regions(): RegionLoaders {
    return (this.#regions ??= createRegionLoaders(this.catalogs, this.reading));
  }

  get linodes(): LinodeLoaders {
    return (this.#linodes ??= createLinodeLoaders(this.#reads));
  }

  get disks(): DiskLoaders {
    return (this.#disks ??= createDiskLoaders(this.#reads));
  }

  get users(): UserLoaders {
    return (this.#users ??= createUserLoaders(this.#reads));
  }

  get events(): EventLoaders {
    return (this.#events ??= createEventLoaders(this.#reads, this.knownEvents));
  }

  get progress(): ProgressLoaders {
    return (this.#progress ??= createProgressLoaders(this.catalogs, this.caller));
  }

  get #reads(): Requests {
    const { catalogs, caller, reading } = this;
    return (this.#requests ??= createRequests(catalogs.linode(caller, reading), catalogs, caller, reading));
  }
}
