import type { Clock } from '../../clock.js';
import type { LoginServer } from '../../sessions/loginServer.js';
import type { Sessions } from '../../sessions/sessions.js';
import type { SignInAttempts } from '../../sessions/signInAttempts.js';
import type { OriginPolicy } from './originPolicy.js';
import type { PublicUrl } from './publicUrl.js';

/** What the HTTP side needs for sessions. */
export interface SessionAccess {
  sessions: Sessions;
  attempts: SignInAttempts;
  login: LoginServer;
  publicUrl: PublicUrl;
  policy: OriginPolicy;
  clock: Clock;
  /** The longest that a session lives, in ms. */
  maxMs: number;
  /** Proxies in front whose `X-Forwarded-For` is trusted. */
  trustProxyHops: number;
  /** Receives problems that hold no token and name no user. */
  onProblem: (problem: string) => void;
}
