import type { IncomingMessage } from 'node:http';
import zlib from 'node:zlib';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';

export type Coding = 'br' | 'zstd' | 'gzip';

/** What this process can send, the preferred one first. Node has zstd since 22.15. */
export const CODINGS: readonly Coding[] = [
  'br',
  ...('createZstdCompress' in zlib ? ['zstd' as const] : []),
  'gzip',
];

/** What a client accepts. */
export interface Acceptance {
  /** The coding that it prefers; undefined for none. */
  coding: Coding | undefined;
  /** Whether it accepts a response that is not encoded. */
  identity: boolean;
}

/** Clients send few different headers. */
const known = new LRUCache<string, Acceptance>({ max: 200 });
const MAX_KNOWN_LENGTH = 200;

/** Without the header, nothing is encoded. Of codings that a client likes equally, the first of {@link CODINGS} is taken. */
export function acceptanceOf({ headers }: Pick<IncomingMessage, 'headers'>): Acceptance {
  const header = headers['accept-encoding']?.toString() ?? '';
  if (header === '') return { coding: undefined, identity: true };
  const before = known.get(header);
  if (before) return before;
  const acceptance = negotiate(header);
  if (header.length <= MAX_KNOWN_LENGTH) known.set(header, acceptance);
  return acceptance;
}

function negotiate(header: string): Acceptance {
  const negotiator = new Negotiator({ headers: { 'accept-encoding': header } }) as Encodings;
  const accepted = negotiator.encodings([...CODINGS, 'identity'], { preferred: CODINGS });
  const [preferred] = accepted;
  return {
    coding: CODINGS.find((coding) => coding === preferred),
    identity: accepted.includes('identity'),
  };
}

/** With the option that its types lack. */
interface Encodings {
  encodings(available: readonly string[], options: { preferred: readonly string[] }): string[];
}
