import type { EventModel } from './event.js';
import type { ImageModel } from './image.js';
import { progressOf } from './imageProgress.js';

/**
 * Whether an image has come to rest: available in all its regions, failed, expired, or deleted.
 * @param events those of the image, newest first
 * @param nowMs since the epoch
 */
export function isFinal(image: ImageModel | null, events: readonly EventModel[], nowMs: number): boolean {
  if (image === null) return true;
  const { phase } = progressOf(image, events, nowMs);
  if (phase === 'READY') return image.regions?.every(({ status }) => status === 'AVAILABLE') ?? true;
  return phase === 'FAILED' || phase === 'EXPIRED';
}
