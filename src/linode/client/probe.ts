import { Cancellation } from '../../cancellation.js';
import type { Clock } from '../../clock.js';
import { LinodeTimeout } from '../errors.js';
import type { Transport, WireResponse } from './wire.js';

const ATTEMPT_TIMEOUT_MS = 5000;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

export interface ProbeOptions {
  transport: Transport;
  clock: Clock;
  userAgent: string;
  /** Called once, when Linode has responded. */
  onAnswer: () => void;
  /** Called when an attempt fails, with what is wrong and what to check; again only if that changes. */
  onFailure: (problem: string) => void;
}

/** Requests the regions, without a token, until Linode responds; the pauses double up to 10 s. Returns a stop function. */
export function probeUntilAnswered(options: ProbeOptions): () => void {
  const { transport, clock } = options;
  const cancellation = new Cancellation();
  let cancelPause = (): void => undefined;
  let lastProblem: string | null = null;

  async function attempt(pauseMs: number): Promise<void> {
    const problem = await problemOf(request());
    if (cancellation.signal.aborted) return;
    if (problem === null) {
      options.onAnswer();
      return;
    }
    if (problem !== lastProblem) options.onFailure(problem);
    lastProblem = problem;
    cancelPause = clock.after(pauseMs, () => {
      void attempt(Math.min(pauseMs * 2, MAX_PAUSE_MS));
    });
  }

  const request = (): Promise<WireResponse> =>
    transport.send({
      method: 'GET',
      path: '/regions',
      headers: { accept: 'application/json', 'user-agent': options.userAgent },
      deadlineAt: clock.now() + ATTEMPT_TIMEOUT_MS,
      signal: cancellation.signal,
    });

  void attempt(FIRST_PAUSE_MS);
  return () => {
    cancellation.abort(new Error('the gateway closes'));
    cancelPause();
  };
}

/** Null if Linode responded. */
async function problemOf(response: Promise<WireResponse>): Promise<string | null> {
  try {
    const { status, headers, body } = await response;
    // A rate limit is a response too: the API is there, and more requests would not help it.
    if (status === 429 || (status === 200 && isList(body))) return null;
    if (status === 200) return 'LINODE_API_URL responds with something else than the Linode API';
    // Without its query: the text is public, and a login page may get secrets there.
    const location = headers.location === undefined ? '' : ` (to ${headers.location.replace(/[?#].*/, '')})`;
    const check = status === 404 ? ': check the host and the version path of LINODE_API_URL' : '';
    return `GET /regions responded with ${status}${location}${check}`;
  } catch (error) {
    return `Linode could not be reached (${causeOf(error)}): check LINODE_API_URL, and HTTPS_PROXY if a proxy is needed`;
  }
}

function isList(body: string): boolean {
  try {
    return Array.isArray((JSON.parse(body) as { data?: unknown } | null)?.data);
  } catch {
    return false;
  }
}

/** `ENOTFOUND`, or what the proxy responded. */
function causeOf(error: unknown): string {
  if (error instanceof LinodeTimeout) return `no response within ${ATTEMPT_TIMEOUT_MS / 1000} s`;
  const { cause } = error as { cause?: { code?: unknown; message?: unknown } };
  if (typeof cause?.message === 'string' && /proxy/i.test(cause.message)) return cause.message;
  return typeof cause?.code === 'string' ? cause.code : (error as Error).message;
}
