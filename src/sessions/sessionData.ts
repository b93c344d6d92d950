import { z } from 'zod';
import type { TokenPair } from './loginServer.js';

const sessionShape = z.object({
  /** Null if Linode's API could not tell it. */
  username: z.string().nullable(),
  /** Sorted; the same for the life of the session. */
  scopes: z.array(z.string()),
  accessToken: z.string(),
  refreshToken: z.string().nullable(),
  /** All times are on the clock. */
  issuedAt: z.number(),
  expiresAt: z.number(),
  refreshAt: z.number(),
  /** Grows with each refresh. */
  tokenVersion: z.number(),
  /** When the session ends, however much it is used. */
  endsAt: z.number(),
  /** The version of the token that Linode's API has refused. */
  refusedVersion: z.number().optional(),
  /** A refresh is under way; from this time on its response is lost. */
  refreshingUntil: z.number().optional(),
  /** The login server failed: no refresh is tried before. */
  retryAt: z.number().optional(),
});

/** What is stored of a session, sealed. */
export type SessionData = z.infer<typeof sessionShape>;

/** The share of a token's lifetime after which it is refreshed. */
const REFRESH_AFTER = 0.8;

export const firstData = (pair: TokenPair, username: string | null, endsAt: number): SessionData => ({
  username,
  endsAt,
  tokenVersion: 1,
  ...tokensOf(pair),
});

/** After a refresh. */
export const nextData = ({ username, endsAt, tokenVersion }: SessionData, pair: TokenPair): SessionData => ({
  username,
  endsAt,
  tokenVersion: tokenVersion + 1,
  ...tokensOf(pair),
});

const tokensOf = ({ accessToken, refreshToken, issuedAt, expiresAt, scopes }: TokenPair) => ({
  accessToken,
  refreshToken,
  issuedAt,
  expiresAt,
  refreshAt: issuedAt + (expiresAt - issuedAt) * REFRESH_AFTER,
  scopes,
});

/** Whether the token must not be used before a refresh: it is old, or Linode has refused it. */
export const needsRefresh = (data: SessionData, now: number): boolean =>
  data.refreshToken === null ? !isUsable(data, now) : now >= data.refreshAt || isRefused(data);

/** Whether the token may still be sent to Linode. */
export const isUsable = (data: SessionData, now: number): boolean => now < data.expiresAt && !isRefused(data);

const isRefused = ({ refusedVersion, tokenVersion }: SessionData): boolean => refusedVersion === tokenVersion;

/** @returns undefined for a text of another version of the gateway */
export function parseSession(text: string): SessionData | undefined {
  const parsed = sessionShape.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}
