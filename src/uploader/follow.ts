import { EXIT_CODE, UploadFailure } from './exitCode.js';
import { GatewayError, type GatewayApi, type ImageState } from './gatewayApi.js';
import { imageStates } from './imageStates.js';
import type { Reporter } from './reporter.js';

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
export async function followImage(options: FollowOptions): Promise<void> {
  const { api, imageId, timeoutSeconds, report, signal } = options;
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  let reason = `within ${timeoutSeconds} s`;
  let reported = '';
  const onTrouble = (message: string): void => {
    reason = message === '' ? `within ${timeoutSeconds} s` : `: ${message}`;
  };
  try {
    for await (const state of imageStates(api, imageId, AbortSignal.any([signal, timeout]), onTrouble)) {
      if (isAvailable(imageId, state)) return;
      const { phase = null, percent = null } = state ?? {};
      const text = `${phase} ${percent}`;
      if (phase !== null && text !== reported) report({ event: 'phase', phase, percent });
      reported = text;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof GatewayError) onTrouble(error.message);
    else if (!timeout.aborted) throw error;
  }
  throw new UploadFailure(
    EXIT_CODE.unconfirmed,
    `the file is uploaded, but ${imageId} was not seen to become available ${reason}`.replace(' :', ':'),
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
