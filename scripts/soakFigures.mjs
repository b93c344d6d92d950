import { setTimeout as sleep } from 'node:timers/promises';

/** Before this share of the requests caches still fill. */
const WARM_UP = 0.3;
/** What a million requests may add; shorter runs say little, so noise of so many MB is let pass too. */
const MAX_MB_PER_MILLION = 5;
const NOISE_MB = 12;
const SAMPLES = 20;

/** Collects garbage on a signal, so that the heap has only reachable objects. */
const GC = `data:text/javascript,process.on('SIGUSR2', () => { globalThis.gc(); })`;

/** Node's options for a gateway whose memory is measured. */
export const MEASURABLE = ['--expose-gc', '--import', GC];

/** What is held once garbage is collected. */
export async function measure(url, child) {
  // Finished and aborted requests are released a moment later, and one collection may leave some to the next.
  await sleep(200);
  child.kill('SIGUSR2');
  await sleep(100);
  child.kill('SIGUSR2');
  await sleep(100);
  const text = await (await fetch(new URL('/metrics', url))).text();
  const read = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    rssMb: round(read('process_resident_memory_bytes') / 2 ** 20),
    heapMb: round(read('nodejs_heap_size_used_bytes') / 2 ** 20),
    handles: read('nodejs_active_handles_total'),
    openFiles: read('process_open_fds'),
  };
}

/** Counts requests under way, and holds new ones back while memory is measured: what they hold is no growth. */
export class Gate {
  sent = 0;
  #underWay = 0;
  #shut = null;
  #onIdle = () => undefined;

  /** Runs one request, later while the gate is shut. */
  async pass(request) {
    while (this.#shut) await this.#shut;
    this.sent++;
    this.#underWay++;
    try {
      return await request();
    } finally {
      if (--this.#underWay === 0) this.#onIdle();
    }
  }

  /** Runs `work` while nothing is under way. */
  async still(work) {
    let open;
    this.#shut = new Promise((resolve) => (open = resolve));
    if (this.#underWay > 0) await new Promise((resolve) => (this.#onIdle = resolve));
    try {
      return await work();
    } finally {
      this.#shut = null;
      open();
    }
  }
}

/** Measures twenty times while `requests` are sent. */
export async function sampleWhile(requests, gate, take) {
  const samples = [];
  for (let i = 1; i <= SAMPLES; i++) {
    while (gate.sent < (requests * i) / SAMPLES) await sleep(20);
    samples.push({ sent: gate.sent, ...(await gate.still(take)) });
  }
  return samples;
}

/** What the samples say of growth, beside what is held at rest before and after. */
export function growth(requests, samples, atRest, after) {
  const warm = samples.filter(({ sent }) => sent >= requests * WARM_UP);
  const rssMbPerMillion = slope(warm, 'rssMb') * 1e6;
  const growthMb = slope(warm, 'rssMb') * (requests * (1 - WARM_UP));
  return {
    rssMb: samples.map(({ rssMb }) => Math.round(rssMb)).join(' '),
    rssMbPerMillion: round(rssMbPerMillion),
    heapMb: samples.map(({ heapMb }) => Math.round(heapMb)).join(' '),
    heapMbAtRest: [atRest.heapMb, after.heapMb],
    heapMbPerMillion: round(slope(warm, 'heapMb') * 1e6),
    handles: [atRest.handles, after.handles],
    // The pool toward Linode keeps 128 connections at most, for as long as Linode offers.
    openFiles: [atRest.openFiles, after.openFiles],
    isFlat: after.handles <= atRest.handles && (rssMbPerMillion < MAX_MB_PER_MILLION || growthMb < NOISE_MB),
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
