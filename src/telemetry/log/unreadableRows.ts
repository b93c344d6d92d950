import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { resourceOf } from '../../linode/api/pathTemplate.js';
import type { UnreadableRow } from '../../linode/shapes.js';

const MAX_KNOWN_ROWS = 1000;

/** Logs each unreadable row of Linode's lists once, however often it is fetched. */
export function logUnreadableRows(logger: Logger): (path: string, rows: readonly UnreadableRow[]) => void {
  const known = new LRUCache<string, true>({ max: MAX_KNOWN_ROWS });
  return (path, rows) => {
    const resource = resourceOf(path);
    for (const { id, index, field, reason } of rows) {
      const key = `${resource} ${id ?? `#${index}`} ${field}`;
      if (known.has(key)) continue;
      known.set(key, true);
      logger.warn({ resource, id, field, reason }, 'unreadable row');
    }
  };
}
