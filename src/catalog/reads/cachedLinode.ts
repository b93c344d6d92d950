import type { LinodeReads, ReadRequest } from '../../linode/client/client.js';
import type { Reading } from '../reading.js';
import type { CachedReads, ReadScope } from './cachedReads.js';

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
    const scope = this.scope();
    scope.linode.assertNotRefused();
    return this.reads.read(scope, request, this.reading);
  }

  peek<T>(request: ReadRequest<T>): T | undefined {
    return this.reads.peek(this.scope(), request, this.reading);
  }
}
