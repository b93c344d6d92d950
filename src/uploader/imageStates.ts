import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError, type GatewayApi, type ImageState } from './gatewayApi.js';

/** A subscription without an event for so long is asked about: a proxy may hold events back. */
const IDLE_MS = 20_000;
const MIN_INTERVAL_MS = 250;
/** The gateway fetches moving images as often. */
const MAX_INTERVAL_MS = 2000;

/**
 * The states of an image: by subscription, and by queries where no subscription gets through. It never ends by itself.
 * @param onTrouble receives why the state cannot be read for now, and an empty text once it can
 * @throws {GatewayError} if it never will be readable
 */
export async function* imageStates(
  api: GatewayApi,
  imageId: string,
  signal: AbortSignal,
  onTrouble: (reason: string) => void,
): AsyncGenerator<ImageState | null> {
  let isSubscribable = true;
  for (let intervalMs = MIN_INTERVAL_MS; ; intervalMs = Math.min(intervalMs * 2, MAX_INTERVAL_MS)) {
    if (isSubscribable) {
      const states = subscribedStates(api, imageId, signal);
      isSubscribable = false;
      for await (const state of states) {
        isSubscribable = true;
        yield state;
      }
    }
    try {
      const state = await api.state(imageId, signal);
      onTrouble('');
      yield state;
    } catch (error) {
      if (!(error instanceof GatewayError) || !error.isTransient) throw error;
      onTrouble(error.message);
    }
    await sleep(intervalMs, undefined, { signal });
  }
}

/** Ends when the subscription does, for whatever reason, or has no event for a while. */
async function* subscribedStates(
  api: GatewayApi,
  imageId: string,
  signal: AbortSignal,
): AsyncGenerator<ImageState | null> {
  const idle = new AbortController();
  const timer = setTimeout(() => {
    idle.abort();
  }, IDLE_MS);
  try {
    for await (const state of api.states(imageId, AbortSignal.any([signal, idle.signal]))) {
      timer.refresh();
      yield state;
    }
  } catch (error) {
    // A query says what is wrong.
    if (signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
}
