import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT_CODE, UploadFailure } from './exitCode.js';
import { GatewayError, type GatewayApi, type ImageState } from './gatewayApi.js';
import type { Reporter } from './reporter.js';

const MIN_INTERVAL_MS = 250;
/** The gateway fetches moving images as often. */
const MAX_INTERVAL_MS = 2000;

export interface FollowOptions {
  api: GatewayApi;
  imageId: string;
  timeoutSeconds: number;
  report: Reporter;
  signal: AbortSignal;
}

/**
 * Waits until the image is available.
 * @throws {UploadFailure} exit code 6 if Linode could not process it, 7 if that is not known in time
 */
export async function followImage({
  api,
  imageId,
  timeoutSeconds,
  report,
  signal,
}: FollowOptions): Promise<void> {
  const endsAt = performance.now() + timeoutSeconds * 1000;
  let reported = '';
  let trouble = '';
  let intervalMs = MIN_INTERVAL_MS;
  while (performance.now() < endsAt) {
    try {
      const state = await api.state(imageId, signal);
      trouble = '';
      if (isAvailable(imageId, state)) return;
      const { phase = null, percent = null } = state ?? {};
      const text = `${phase} ${percent}`;
      if (phase !== null && text !== reported) report({ event: 'phase', phase, percent });
      reported = text;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      trouble = `: ${error.message}`;
      if (!error.isTransient) break;
    }
    await sleep(intervalMs, undefined, { signal });
    intervalMs = Math.min(intervalMs * 2, MAX_INTERVAL_MS);
  }
  const reason = trouble === '' ? ` within ${timeoutSeconds} s` : trouble;
  throw new UploadFailure(
    EXIT_CODE.unconfirmed,
    `the file is uploaded, but ${imageId} was not seen to become available${reason}`,
  );
}

/** @throws {UploadFailure} exit code 6 if it never will be */
function isAvailable(imageId: string, state: ImageState | null): boolean {
  if (state === null) throw failed(`${imageId} was deleted meanwhile`);
  if (state.phase === 'FAILED') {
    throw failed(`Linode could not process the file: ${state.failureReason ?? 'no reason was given'}`);
  }
  if (state.phase === 'EXPIRED') throw failed(`the upload window of ${imageId} expired`);
  return state.status === 'AVAILABLE';
}

const failed = (message: string): UploadFailure => new UploadFailure(EXIT_CODE.processing, message);
