import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../linode/caller.js';
import { sessionCookie } from './requestSession.js';
import type { SessionAccess } from './sessionAccess.js';

/** Sessions of browsers, which send their cookie with the upgrade. */
export interface SocketSessions {
  /** Origins whose pages may use them, besides the gateway's own. */
  origins: readonly string[];
  /** Whether the upgrade brings the cookie of a session from a page that may not use it. */
  isForeign(req: IncomingMessage): boolean;
  /** Finds the caller of the session, with its present token; null if it has ended. Undefined without a session. */
  find(req: IncomingMessage): (() => Promise<Caller | null>) | undefined;
}

/** Sessions for WebSockets. Their handshakes have no `Sec-Fetch-Site`: `Origin` must name an allowed page. */
export const socketSessions = ({ sessions, policy, publicUrl }: SessionAccess): SocketSessions => ({
  origins: [...policy.origins, ...policy.ownOrigin],
  isForeign: (req) => sessionCookie(req, publicUrl) !== undefined && !policy.allows(req),
  find: (req) => {
    const id = sessionCookie(req, publicUrl);
    return id === undefined ? undefined : async () => (await sessions.use(id))?.caller ?? null;
  },
});
