import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Clock } from '../clock.js';
import { OriginPolicy } from '../http/sessions/originPolicy.js';
import { PublicUrl } from '../http/sessions/publicUrl.js';
import type { SessionAccess } from '../http/sessions/sessionAccess.js';
import { getProfile } from '../linode/api/profile.js';
import type { Caller } from '../linode/caller.js';
import { Deadline } from '../linode/client/deadline.js';
import type { ProxySettings } from '../linode/client/dispatcher.js';
import { createTransport } from '../linode/client/transport.js';
import { LinodeUnauthenticated } from '../linode/errors.js';
import type { Redis } from '../redis/redis.js';
import { LoginServer } from '../sessions/loginServer.js';
import { MemorySessionStore } from '../sessions/memoryStore.js';
import { RedisSessionStore } from '../sessions/redisStore.js';
import { Sealer } from '../sessions/sealer.js';
import type { SessionStore } from '../sessions/sessionStore.js';
import { Sessions } from '../sessions/sessions.js';
import { SignInAttempts } from '../sessions/signInAttempts.js';
import type { Lifetimes } from '../sessions/storedSessions.js';
import { VERSION } from '../version.js';

/** How users of browsers sign in. */
export interface SessionSettings {
  clientId: string;
  clientSecret: string;
  loginUrl: URL;
  scopes: readonly string[];
  /** The gateway's URL as browsers see it; null: that of the request, on this machine only. */
  publicUrl: URL | null;
  /** Of at least 32 characters each; the first seals, all open. */
  secrets: readonly string[];
  /** Origins of other pages that may use sessions. */
  origins: readonly string[];
  lifetimes: Lifetimes;
  /** Default: Redis where it is configured, else the memory of this process. */
  store?: SessionStore;
}

export interface SessionParts {
  catalogs: SharedCatalogs;
  clock: Clock;
  requestTimeoutMs: number;
  proxy: ProxySettings | undefined;
  /** Stores sessions for several processes, where it is configured. */
  redis: Redis | undefined;
  trustProxyHops: number;
  onProblem: (problem: string) => void;
}

const MAX_RESPONSE_BYTES = 64 * 1024;
const CONNECT_TIMEOUT_MS = 3000;
const CONNECTIONS = 16;
/** A sign-in does not wait longer for Linode's API: the name is only shown. */
const USERNAME_TIMEOUT_MS = 3000;

export function createSessionAccess(settings: SessionSettings, parts: SessionParts): SessionAccess {
  const { clientId, clientSecret, loginUrl, scopes, lifetimes } = settings;
  const { catalogs, clock, requestTimeoutMs: timeoutMs, proxy, redis, trustProxyHops, onProblem } = parts;
  const sealer = new Sealer(settings.secrets);
  const login = new LoginServer({
    url: loginUrl,
    clientId,
    clientSecret,
    scopes,
    clock,
    timeoutMs,
    userAgent: `linode-images-graphql-gateway/${VERSION}`,
    transport: createTransport({
      baseUrl: new URL(loginUrl.origin),
      clock,
      connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
      maxResponseBytes: MAX_RESPONSE_BYTES,
      connections: CONNECTIONS,
      proxy,
    }),
  });
  const sessions = new Sessions({
    store: settings.store ?? (redis ? new RedisSessionStore(redis) : new MemorySessionStore(clock)),
    sealer,
    login,
    clock,
    lifetimes,
    timeoutMs,
    usernameOf: (caller) => usernameOf(caller, catalogs, clock, Math.min(USERNAME_TIMEOUT_MS, timeoutMs)),
    onProblem,
  });
  const publicUrl = new PublicUrl(settings.publicUrl);
  return {
    sessions,
    attempts: new SignInAttempts(sealer, clock),
    login,
    publicUrl,
    policy: new OriginPolicy(publicUrl, settings.origins),
    clock,
    maxMs: lifetimes.maxMs,
    trustProxyHops,
    onProblem,
  };
}

/** Null while Linode fails: the session works all the same, and its user is not named. */
async function usernameOf(
  caller: Caller,
  catalogs: SharedCatalogs,
  clock: Clock,
  timeoutMs: number,
): Promise<string | null> {
  const deadline = new Deadline(clock, timeoutMs, '/profile');
  try {
    const reading = catalogs.reading(deadline.terms, undefined);
    const { username } = await getProfile(catalogs.linode(caller, reading), deadline.terms);
    return username;
  } catch (error) {
    if (error instanceof LinodeUnauthenticated) throw error;
    return null;
  } finally {
    deadline.lift();
  }
}
