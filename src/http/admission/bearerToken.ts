import { GraphQLError } from 'graphql';
import { callerOf, type Caller } from '../../linode/caller.js';

/** The syntax of a bearer token: token68 of RFC 6750. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]{1,4096}=*)$/i;

/**
 * The caller that the `Authorization` header identifies; without one, the anonymous caller.
 * @throws {GraphQLError} UNAUTHENTICATED if the header holds no bearer token
 */
export function callerFrom(authorization: string | undefined): Caller {
  const header = authorization?.trim() ?? '';
  if (header === '') return callerOf(null);
  const token = BEARER.exec(header)?.[1];
  if (token !== undefined) return callerOf(token);
  throw new GraphQLError('The Authorization header must be "Bearer" followed by a Linode token', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}
