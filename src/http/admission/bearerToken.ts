import { GraphQLError } from 'graphql';
import { callerOf, type Caller } from '../../linode/caller.js';

/** RFC 6750's token68; nothing else could be a token, nor travel in a header. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]{1,4096}=*)$/i;

/**
 * Who asks, by the `Authorization` header alone. No header is the anonymous caller.
 * @throws {GraphQLError} UNAUTHENTICATED: a header that is no bearer token
 */
export function callerFrom(authorization: string | undefined): Caller {
  const header = authorization?.trim() ?? '';
  if (header === '') return callerOf(null);
  const token = BEARER.exec(header)?.[1];
  if (token !== undefined) return callerOf(token);
  throw new GraphQLError('The Authorization header must be "Bearer" and a Linode token', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}
