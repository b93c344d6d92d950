import type { Request, Response } from 'express';
import { LinodeUnauthenticated } from '../../linode/errors.js';
import { LoginServerError, type LoginFailure } from '../../sessions/loginServerError.js';
import { SessionStoreUnavailable } from '../../sessions/sessionStore.js';
import type { SignInAttempt } from '../../sessions/signInAttempts.js';
import { Cookies } from './cookies.js';
import { sendFailurePage, type FailurePage } from './pages.js';
import { below } from './publicUrl.js';
import type { SessionAccess } from './sessionAccess.js';

const STATE = /^[A-Za-z0-9_-]{43}$/;

/** `GET /auth/callback`: the browser comes back from the login server, and gets a new session. */
export const callback =
  (access: SessionAccess) =>
  async (req: Request, res: Response, base: URL): Promise<void> => {
    const parameters = new URL(req.originalUrl, base.origin).searchParams;
    const cookies = new Cookies(base);
    const attempt = attemptOf(access, req, cookies, parameters);
    if (!attempt) {
      sendFailurePage(res, { ...UNKNOWN_ATTEMPT, retryUrl: below(base, '/auth/login') });
      return;
    }
    res.append('Set-Cookie', cookies.noAttempt(attempt.state));
    try {
      const id = await signIn(access, parameters, attempt);
      endPrevious(access, cookies.sessionOf(req));
      res.append('Set-Cookie', cookies.session(id, access.maxMs));
      res.redirect(303, attempt.returnTo);
    } catch (error) {
      const page = pageOf(error);
      if (!page) throw error;
      if (page !== PAGES.denied) access.onProblem(`A sign-in failed: ${(error as Error).message}`);
      const { pathname, search } = new URL(attempt.returnTo);
      const retryUrl = `${below(base, '/auth/login')}?${new URLSearchParams({ returnTo: pathname + search }).toString()}`;
      sendFailurePage(res, { ...page, retryUrl, backUrl: attempt.returnTo });
    }
  };

function attemptOf(
  { attempts }: SessionAccess,
  req: Request,
  cookies: Cookies,
  parameters: URLSearchParams,
): SignInAttempt | undefined {
  const state = parameters.get('state') ?? '';
  const sealed = STATE.test(state) ? cookies.attemptOf(req, state) : undefined;
  return sealed === undefined ? undefined : attempts.open(sealed, state);
}

const signIn = async (
  { login, sessions }: SessionAccess,
  parameters: URLSearchParams,
  attempt: SignInAttempt,
): Promise<string> => sessions.begin(await login.exchange(parameters, attempt));

/** The browser's session from before, whose cookie is about to be overwritten. */
function endPrevious({ sessions, onProblem }: SessionAccess, previous: string | undefined): void {
  if (previous === undefined) return;
  sessions.end(previous).catch((error: unknown) => {
    onProblem(`A replaced session could not be ended: ${(error as Error).message}`);
  });
}

const UNKNOWN_ATTEMPT: FailurePage = {
  status: 400,
  title: 'This sign-in cannot be completed',
  text: 'It took longer than ten minutes, was completed before, or began in another browser.',
};

const UNREACHABLE: FailurePage = {
  status: 503,
  title: 'Signing in does not work right now',
  text: "Linode's login server does not respond as it should. Try again in a few minutes.",
};

const PAGES: Readonly<Record<LoginFailure, FailurePage>> = {
  denied: {
    status: 403,
    title: 'You are not signed in',
    text: 'Access to the account was not allowed.',
  },
  refused: {
    status: 400,
    title: 'Linode refused this sign-in',
    text: 'The code was not accepted. If it happens again, the settings of the OAuth client are wrong.',
  },
  unavailable: UNREACHABLE,
  lost: UNREACHABLE,
};

/** Undefined for a bug. */
function pageOf(error: unknown): FailurePage | undefined {
  if (error instanceof LoginServerError) return PAGES[error.failure];
  if (error instanceof LinodeUnauthenticated) return { ...PAGES.refused, status: 502 };
  if (error instanceof SessionStoreUnavailable)
    return { ...UNREACHABLE, text: 'Try again in a few minutes.' };
  return undefined;
}
