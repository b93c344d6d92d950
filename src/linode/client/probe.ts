import { Cancellation } from '../../cancellation.js';
import type { Clock } from '../../clock.js';
import type { Transport } from './transport.js';

const ATTEMPT_TIMEOUT_MS = 5000;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

export interface ProbeOptions {
  transport: Transport;
  clock: Clock;
  userAgent: string;
  /** Told once, when Linode has answered for the first time. */
  onAnswer: () => void;
}

/**
 * Asks for the regions, without a token, until Linode answers; the pauses double up to 10 s. The answer stops it.
 */
export function probeUntilAnswered(options: ProbeOptions): () => void {
  const { transport, clock } = options;
  const cancellation = new Cancellation();
  let cancelPause = (): void => undefined;

  async function attempt(pauseMs: number): Promise<void> {
    const answered = await answers();
    if (cancellation.signal.aborted) return;
    if (answered) {
      options.onAnswer();
      return;
    }
    cancelPause = clock.after(pauseMs, () => {
      void attempt(Math.min(pauseMs * 2, MAX_PAUSE_MS));
    });
  }

  async function answers(): Promise<boolean> {
    try {
      const { status } = await transport.send({
        method: 'GET',
        path: '/regions',
        headers: { accept: 'application/json', 'user-agent': options.userAgent },
        deadlineAt: clock.now() + ATTEMPT_TIMEOUT_MS,
        signal: cancellation.signal,
      });
      // A limit is an answer too: the API is there, and asking on would not help it.
      return status === 200 || status === 429;
    } catch {
      return false;
    }
  }

  void attempt(FIRST_PAUSE_MS);
  return () => {
    cancellation.abort(new Error('the gateway closes'));
    cancelPause();
  };
}
