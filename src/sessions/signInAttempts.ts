import { timingSafeEqual } from 'node:crypto';
import { generateRandomCodeVerifier, generateRandomState } from 'oauth4webapi';
import { z } from 'zod';
import type { Clock } from '../clock.js';
import type { Sealer } from './sealer.js';

/** How long a user may take to sign in at the login server. */
export const ATTEMPT_MS = 10 * 60_000;

const CONTEXT = 'sign-in attempt';
const NAME_LENGTH = 8;

const attemptShape = z.object({
  state: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  returnTo: z.string(),
  endsAt: z.number(),
});

/** One sign-in, from the redirect to the login server until the browser comes back. */
export type SignInAttempt = z.infer<typeof attemptShape>;

/**
 * Attempts live in a cookie of the browser that began them, sealed: no client can fill the gateway's memory with them,
 * and no other browser can end them. Each has a cookie of its own, so that two tabs do not mix theirs up.
 */
export class SignInAttempts {
  constructor(
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  begin(redirectUri: string, returnTo: string): SignInAttempt {
    return {
      state: generateRandomState(),
      verifier: generateRandomCodeVerifier(),
      redirectUri,
      returnTo,
      endsAt: this.clock.now() + ATTEMPT_MS,
    };
  }

  /** What the cookie holds. */
  seal(attempt: SignInAttempt): string {
    return this.sealer.seal(JSON.stringify(attempt), CONTEXT);
  }

  /** The attempt of a cookie; undefined if it is not the one with this state, is too old, or was not sealed here. */
  open(sealed: string, state: string): SignInAttempt | undefined {
    const text = this.sealer.open(sealed, CONTEXT);
    const attempt = text === undefined ? undefined : attemptShape.safeParse(JSON.parse(text)).data;
    if (!attempt || this.clock.now() >= attempt.endsAt || !isEqual(attempt.state, state)) return undefined;
    return attempt;
  }
}

/** Tells the cookies of several attempts apart: a part of the state. */
export const attemptName = (state: string): string => state.slice(0, NAME_LENGTH);

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
