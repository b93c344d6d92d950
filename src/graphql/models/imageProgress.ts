import type { ImageProgress } from '../../generated/schema.js';
import type { EventModel } from './event.js';
import type { ImageModel } from './image.js';

/** Whether the phase depends on events: the status alone does not show a failure. */
export const needsEvents = ({ status }: ImageModel): boolean =>
  status === 'CREATING' || status === 'PENDING_UPLOAD';

/**
 * The progress of an image's capture or upload.
 * @param events those of the image, newest first; none if `needsEvents` is false
 * @param nowMs since the epoch
 */
export function progressOf(image: ImageModel, events: readonly EventModel[], nowMs: number): ImageProgress {
  switch (image.status) {
    case 'AVAILABLE':
      return phase('READY', 100);
    case 'CREATING': {
      const capture = events.find(({ action }) => action === 'disk_imagize');
      if (capture?.status === 'FAILED') return failed(capture);
      return phase('CAPTURING', capture?.percentComplete ?? null);
    }
    case 'PENDING_UPLOAD':
      return progressOfUpload(
        image,
        events.find(({ action }) => action === 'image_upload'),
        nowMs,
      );
    case 'UNKNOWN':
      return phase('UNKNOWN', null);
  }
}

function progressOfUpload(
  { uploadExpiresAt }: ImageModel,
  upload: EventModel | undefined,
  nowMs: number,
): ImageProgress {
  if (upload?.status === 'STARTED' || upload?.status === 'FINISHED') {
    return phase('PROCESSING', upload.percentComplete);
  }
  if (uploadExpiresAt !== null && Date.parse(uploadExpiresAt) <= nowMs) {
    return { ...phase('EXPIRED', null), failureReason: upload?.message ?? null };
  }
  return upload?.status === 'FAILED' ? failed(upload) : phase('AWAITING_UPLOAD', null);
}

const phase = (name: ImageProgress['phase'], percent: number | null): ImageProgress => ({
  phase: name,
  percent,
  failureReason: null,
});

const failed = ({ message }: EventModel): ImageProgress => ({
  ...phase('FAILED', null),
  failureReason: message,
});
