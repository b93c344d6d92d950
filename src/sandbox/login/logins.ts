import { createHash, randomBytes } from 'node:crypto';
import type { Caller, World } from '../world/world.js';
import { sandboxClients, type OAuthClient } from './client.js';

const CODE_MS = 60_000;
/** As Linode's: two hours. */
const DEFAULT_EXPIRES_SECONDS = 7200;

/** What a user has granted to a client. */
export interface Grant {
  clientId: string;
  username: string;
  /** Separated by spaces. */
  scopes: string;
}

/** A code that waits to be exchanged. */
interface Code extends Grant {
  redirectUri: string;
  /** The PKCE challenge by S256; null without PKCE. */
  challenge: string | null;
  expiresMs: number;
}

/** The pair that a client holds; the refresh token is null for a public client. */
export interface TokenPair {
  accessToken: string;
  refreshToken: string | null;
  expiresInSeconds: number;
  scopes: string;
}

export interface LoginSettings {
  /** Lifetime of access tokens that are issued from now on. */
  expiresInSeconds: number;
  /** Refuses calls of servers that Akamai's bot filter would take for bots: those without `Accept-Language`. */
  botFilter: boolean;
}

/**
 * The state of the login server: clients, codes, and the tokens that it issued. Access tokens are callers of the
 * world. A refresh replaces both tokens, and the old ones end at once: the strictest that Linode may do.
 */
export class Logins {
  readonly clients: OAuthClient[] = sandboxClients();
  settings: LoginSettings = { expiresInSeconds: DEFAULT_EXPIRES_SECONDS, botFilter: false };
  readonly #codes = new Map<string, Code>();
  /** By refresh token. */
  readonly #refreshable = new Map<string, { grant: Grant; accessToken: string }>();
  readonly #issued = new Set<string>();

  constructor(private readonly world: World) {}

  client(id: string | null): OAuthClient | undefined {
    return this.clients.find((client) => client.id === id);
  }

  /** Who may sign in: the users that have a token of their own. */
  get usernames(): string[] {
    const own = [...this.world.callers.values()].filter(({ token }) => !this.#issued.has(token));
    return [...new Set(own.map(({ username }) => username))].sort();
  }

  issueCode(grant: Grant, redirectUri: string, challenge: string | null): string {
    const code = randomBytes(10).toString('hex');
    this.#codes.set(code, { ...grant, redirectUri, challenge, expiresMs: this.world.now() + CODE_MS });
    return code;
  }

  /** The tokens for a code; undefined if it is unknown, used, expired, of another client, or lacks its verifier. */
  exchange(
    client: OAuthClient,
    code: string,
    { verifier, redirectUri }: { verifier: string | null; redirectUri: string | null },
  ): TokenPair | undefined {
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    if (!found || found.clientId !== client.id || this.world.now() >= found.expiresMs) return undefined;
    if (redirectUri !== null && redirectUri !== found.redirectUri) return undefined;
    if (found.challenge !== null && (verifier === null || challengeOf(verifier) !== found.challenge)) {
      return undefined;
    }
    return this.#issue(client, found);
  }

  /** New tokens in place of the old ones; undefined for an unknown or used refresh token. */
  refresh(client: OAuthClient, refreshToken: string): TokenPair | undefined {
    const found = this.#refreshable.get(refreshToken);
    if (!found || found.grant.clientId !== client.id) return undefined;
    this.#end(refreshToken, found.accessToken);
    return this.#issue(client, found.grant);
  }

  /** Ends the token, and the one that belongs to it. */
  revoke(token: string): void {
    for (const [refreshToken, { accessToken }] of this.#refreshable) {
      if (token === refreshToken || token === accessToken) this.#end(refreshToken, accessToken);
    }
    if (this.#issued.delete(token)) this.world.callers.delete(token);
  }

  #end(refreshToken: string, accessToken: string): void {
    this.#refreshable.delete(refreshToken);
    this.#issued.delete(accessToken);
    this.world.callers.delete(accessToken);
  }

  #issue(client: OAuthClient, grant: Grant): TokenPair {
    const { expiresInSeconds } = this.settings;
    const accessToken = randomBytes(32).toString('hex');
    const refreshToken = client.secret === null ? null : randomBytes(32).toString('hex');
    const template = this.#templateOf(grant.username);
    const expiresMs = this.world.now() + expiresInSeconds * 1000;
    this.world.callers.set(accessToken, { ...template, token: accessToken, scopes: grant.scopes, expiresMs });
    this.#issued.add(accessToken);
    if (refreshToken !== null) this.#refreshable.set(refreshToken, { grant, accessToken });
    return { accessToken, refreshToken, expiresInSeconds, scopes: grant.scopes };
  }

  #templateOf(username: string): Caller {
    const template = [...this.world.callers.values()].find((caller) => caller.username === username);
    if (!template) throw new Error(`The sandbox has no user "${username}"`);
    return template;
  }
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
