/** What happens during an upload, in order. Every text is for the user and holds no secret. */
export type UploadEvent =
  | { event: 'checking'; file: string; bytes: number }
  | { event: 'compressing'; file: string; bytes: number }
  | { event: 'created'; imageId: string; expiresAt: string | null }
  | { event: 'uploading'; bytes: number; totalBytes: number }
  | { event: 'retrying'; attempt: number; reason: string }
  | { event: 'uploaded'; imageId: string; totalBytes: number }
  | { event: 'phase'; phase: string; percent: number | null }
  | { event: 'deleted'; imageId: string }
  | { event: 'kept'; imageId: string; reason: string }
  | { event: 'available'; imageId: string }
  | { event: 'failed'; exitCode: number; reason: string };

/** Receives what happens. */
export type Reporter = (event: UploadEvent) => void;

/** One JSON object per line. */
export const jsonReporter =
  (write: (text: string) => void): Reporter =>
  (event) => {
    write(`${JSON.stringify(event)}\n`);
  };

export interface TextOutput {
  /** Standard output: the ID of the image alone. */
  result: (text: string) => void;
  /** Standard error: progress and failures. */
  progress: (text: string) => void;
  /** Whether standard error is a terminal, where progress is a bar. */
  isTerminal: boolean;
  isQuiet: boolean;
  /** In ms. */
  now: () => number;
}

const BAR_WIDTH = 30;
const BAR_INTERVAL_MS = 100;
/** Elsewhere than in a terminal one line is written for each of these. */
const PERCENT_STEP = 10;

/** Lines for people: a bar in a terminal, a line for each tenth elsewhere. */
export function textReporter({ result, progress, isTerminal, isQuiet, now }: TextOutput): Reporter {
  let startedAt = 0;
  let drawnAt = -Infinity;
  let step = 0;
  let hasBar = false;

  const line = (text: string): void => {
    if (isQuiet) return;
    progress(`${hasBar ? '\n' : ''}${text}\n`);
    hasBar = false;
  };
  const draw = (bytes: number, totalBytes: number): void => {
    if (isQuiet) return;
    if (bytes === 0) {
      startedAt = now();
      step = 0;
    }
    const percent = Math.floor((bytes / totalBytes) * 100);
    if (!isTerminal) {
      if (percent < step) return;
      step = percent - (percent % PERCENT_STEP) + PERCENT_STEP;
      line(`uploading: ${percent} %`);
      return;
    }
    if (bytes < totalBytes && now() - drawnAt < BAR_INTERVAL_MS) return;
    drawnAt = now();
    const filled = Math.round((bytes / totalBytes) * BAR_WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    progress(
      `\r${bar} ${percent} % of ${sizeText(totalBytes)}${rateText(bytes, totalBytes, now() - startedAt)}\x1b[K`,
    );
    hasBar = true;
  };

  return (event) => {
    if (event.event === 'uploading') draw(event.bytes, event.totalBytes);
    else if (event.event === 'failed') {
      progress(`${hasBar ? '\n' : ''}linode-images-upload: ${event.reason}\n`);
      hasBar = false;
    } else line(lineOf(event));
    if (event.event === 'available') result(`${event.imageId}\n`);
  };
}

function lineOf(event: Exclude<UploadEvent, { event: 'uploading' | 'failed' }>): string {
  switch (event.event) {
    case 'checking':
      return `checking ${event.file} (${sizeText(event.bytes)})`;
    case 'compressing':
      return `compressing ${event.file} (${sizeText(event.bytes)})`;
    case 'created':
      return `created ${event.imageId}${event.expiresAt === null ? '' : `; the upload is possible until ${event.expiresAt}`}`;
    case 'retrying':
      return `attempt ${event.attempt}: ${event.reason}`;
    case 'uploaded':
      return `uploaded ${sizeText(event.totalBytes)} to ${event.imageId}`;
    case 'phase':
      return `${event.phase.toLowerCase().replaceAll('_', ' ')}${event.percent === null ? '' : `: ${event.percent} %`}`;
    case 'deleted':
      return `deleted the pending image ${event.imageId}`;
    case 'kept':
      return `${event.imageId} stays: ${event.reason}`;
    case 'available':
      return `${event.imageId} is available`;
  }
}

const UNITS = ['B', 'KB', 'MB', 'GB'];

/** A size in units of 1024, with at most one decimal. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

function rateText(bytes: number, totalBytes: number, elapsedMs: number): string {
  if (bytes === 0 || elapsedMs < 1000) return '';
  const perMs = bytes / elapsedMs;
  const leftSeconds = Math.ceil((totalBytes - bytes) / perMs / 1000);
  const left =
    leftSeconds >= 60 ? `${Math.floor(leftSeconds / 60)} min ${leftSeconds % 60} s` : `${leftSeconds} s`;
  return `, ${sizeText(perMs * 1000)}/s, ${left} left`;
}
