import { randomFillSync } from 'node:crypto';

const ID_BYTES = 16;
/** Random bytes for many IDs: 256 calls for 16 bytes take longer than the rest of a cached response. */
const POOL = Buffer.alloc(256 * ID_BYTES);
let used = POOL.length;

const ACCEPTABLE = /^[\w.:/+=-]{1,128}$/;

/** The client's own `X-Request-Id` if it is a plain word, else a new ID. */
export const requestIdFrom = (given: string | string[] | undefined): string =>
  typeof given === 'string' && ACCEPTABLE.test(given) ? given : newId();

function newId(): string {
  if (used === POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  return POOL.toString('hex', used, (used += ID_BYTES));
}
