import type { IncomingMessage } from 'node:http';
import { acceptanceOf, type Acceptance, type Coding } from './acceptEncoding.js';
import type { EncodedBody } from './encodedBody.js';
import { matches } from './ifNoneMatch.js';

/** Shorter bodies fit into one packet anyway. */
const MIN_BYTES = 1024;

/** Without compression, `Accept-Encoding` is not read at all. */
const IDENTITY: Acceptance = { coding: undefined, identity: true };

export const acceptanceFor = (req: IncomingMessage, compression: boolean): Acceptance =>
  compression ? acceptanceOf(req) : IDENTITY;

/** Whether a client forbids every form that this process could send. */
export const isUnacceptable = ({ coding, identity }: Acceptance): boolean =>
  coding === undefined && !identity;

/** The form in which a client gets a body. */
export interface Representation {
  coding: Coding | undefined;
  /** For GET alone: entity tags have no meaning for a POST. */
  etag: string | undefined;
  /** Whether the client has it already: it gets 304. */
  isKnown: boolean;
}

export function representationFor(
  { headers }: IncomingMessage,
  { coding, identity }: Acceptance,
  body: EncodedBody,
  isGet: boolean,
): Representation {
  const isEncoded = body.identity.length >= MIN_BYTES || !identity;
  const chosen = isEncoded ? coding : undefined;
  const etag = isGet ? body.etag(chosen) : undefined;
  return {
    coding: chosen,
    etag,
    isKnown: etag !== undefined && matches(headers['if-none-match'], etag),
  };
}
