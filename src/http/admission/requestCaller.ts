import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../../linode/caller.js';
import { callerFrom } from './bearerToken.js';

/**
 * The caller of a request, of an upgrade to WebSocket, and of a WebSocket's `connection_init`: the one place that
 * decides it.
 * @throws {GraphQLError} UNAUTHENTICATED if the credentials are malformed
 */
export const requestCaller = ({ authorization }: Pick<IncomingHttpHeaders, 'authorization'>): Caller =>
  callerFrom(authorization);
