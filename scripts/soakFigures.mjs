import { setTimeout as sleep } from 'node:timers/promises';

/** Before this share of the requests caches still fill. */
const WARM_UP = 0.3;
/** What a million requests may add; shorter runs say little, so noise of so many MB is let pass too. */
const MOST_MB_PER_MILLION = 5;
const NOISE_MB = 12;
const SAMPLES = 20;

/** Collects garbage when asked to by a signal, so that what is left is what is held. */
const GC = `data:text/javascript,process.on('SIGUSR2', () => { globalThis.gc(); })`;

/** Node's options for a gateway whose memory is measured. */
export const MEASURABLE = ['--expose-gc', '--import', GC];

/** What is held once garbage is collected. */
export async function measure(url, child) {
  child.kill('SIGUSR2');
  await sleep(50);
  const text = await (await fetch(new URL('/metrics', url))).text();
  const read = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    rssMb: round(read('process_resident_memory_bytes') / 2 ** 20),
    heapMb: round(read('nodejs_heap_size_used_bytes') / 2 ** 20),
    handles: read('nodejs_active_handles_total'),
    openFiles: read('process_open_fds'),
  };
}

/** Measures twenty times while `sent()` goes up to `requests`. */
export async function sampleWhile(requests, sent, take) {
  const samples = [];
  for (let i = 1; i <= SAMPLES; i++) {
    while (sent() < (requests * i) / SAMPLES) await sleep(20);
    samples.push({ sent: sent(), ...(await take()) });
  }
  return samples;
}

/** What the samples say of growth, beside what is held at rest before and after. */
export function growth(requests, samples, atRest, after) {
  const warm = samples.filter(({ sent }) => sent >= requests * WARM_UP);
  const rssMbPerMillion = slope(warm, 'rssMb') * 1e6;
  const growthMb = slope(warm, 'rssMb') * (requests * (1 - WARM_UP));
  return {
    rssMb: [warm[0].rssMb, warm.at(-1).rssMb],
    rssMbPerMillion: round(rssMbPerMillion),
    heapMbAfterGc: [warm[0].heapMb, after.heapMb],
    heapMbPerMillion: round(slope(warm, 'heapMb') * 1e6),
    handles: [atRest.handles, after.handles],
    // The pool toward Linode keeps 128 connections at most, for as long as Linode offers.
    openFiles: [atRest.openFiles, after.openFiles],
    isFlat: after.handles <= atRest.handles && (rssMbPerMillion < MOST_MB_PER_MILLION || growthMb < NOISE_MB),
  };
}

/** Of the line through the samples by least squares, for one request. */
function slope(samples, name) {
  const n = samples.length;
  const meanX = samples.reduce((sum, { sent }) => sum + sent, 0) / n;
  const meanY = samples.reduce((sum, each) => sum + each[name], 0) / n;
  const above = samples.reduce((sum, each) => sum + (each.sent - meanX) * (each[name] - meanY), 0);
  const below = samples.reduce((sum, { sent }) => sum + (sent - meanX) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
