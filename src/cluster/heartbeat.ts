import type { Clock } from '../clock.js';
import type { Channel } from './channel.js';
import type { ToPrimary, ToWorker } from './messages.js';

/** How often a worker says that it is alive, in ms. */
export const BEAT_MS = 1000;
/** After so many beats without a word its event loop stands still: it answers nobody any more. */
export const MOST_SILENT_BEATS = 10;

/** Tells the primary from now on that this process is alive. */
export function beat(channel: Pick<Channel<ToPrimary, ToWorker>, 'send'>, clock: Clock): void {
  clock.after(BEAT_MS, () => {
    channel.send({ type: 'alive' });
    beat(channel, clock);
  });
}
