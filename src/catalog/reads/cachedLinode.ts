import type { LinodeClient, LinodeReads, ReadRequest } from '../../linode/client/client.js';
import type { Reading } from '../reading.js';
import type { CachedReads } from './cachedReads.js';

/** The caller's catalog, as far as reads beside images depend on it. */
export interface ReadScope {
  readonly linode: LinodeClient;
  /** Changes whenever responses from before may not be used any more. */
  readonly epoch: number;
}

/** One operation's reads of everything but images: from the caller's cached reads while those are fresh. */
export class CachedLinode implements LinodeReads {
  /** @param scope looked up for each read, because an idle catalog may be evicted between two */
  constructor(
    private readonly scope: () => ReadScope,
    private readonly reads: CachedReads,
    private readonly reading: Reading,
  ) {}

  /** Its terms are those of the reading. */
  async read<T>(request: ReadRequest<T>): Promise<T> {
    const { linode, epoch } = this.scope();
    linode.assertNotRefused();
    return this.reads.read(`${linode.caller.key} ${epoch}`, request, this.reading, (terms) =>
      linode.read(request, terms),
    );
  }
}
