import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createUpstream, type Upstream } from '../../src/catalog/upstream.js';
import { BEAT_MS } from '../../src/cluster/heartbeat.js';
import { Hub } from '../../src/cluster/hub.js';
import type { ToPrimary, ToWorker } from '../../src/cluster/messages.js';
import { Supervisor, type WorkerProcess } from '../../src/cluster/supervisor.js';
import { SETTINGS } from '../support/cluster.js';
import { manualClock, type ManualClock } from '../support/manualClock.js';

/** A process that does what the test says. */
class ScriptedWorker implements WorkerProcess {
  readonly told: ToWorker['type'][] = [];
  isKilled = false;
  #hear: (message: ToPrimary) => void = () => undefined;
  #exit: (how: string) => void = () => undefined;
  readonly channel = {
    send: ({ type }: ToWorker) => void this.told.push(type),
    onMessage: (listener: (message: ToPrimary) => void) => void (this.#hear = listener),
  };

  kill(): void {
    this.isKilled = true;
  }

  onExit(listener: (how: string) => void): void {
    this.#exit = listener;
  }

  beat(): void {
    this.#hear({ type: 'alive' });
  }

  listen(): void {
    this.#hear({ type: 'hello' });
    this.#hear({ type: 'listening', url: 'http://127.0.0.1:4000/graphql' });
  }

  fail(...lines: string[]): void {
    this.#hear({ type: 'failed', lines });
    this.die('1');
  }

  die(how = 'SIGKILL'): void {
    this.#exit(how);
  }
}

let clock: ManualClock;
let upstream: Upstream;
let supervisor: Supervisor;
let born: ScriptedWorker[];
let pauses: number[];
let deaths: (readonly string[])[];

beforeEach(() => {
  clock = manualClock();
  upstream = createUpstream({
    linodeApiUrl: new URL('http://unused/v4'),
    settings: SETTINGS,
    clock,
    onCall: () => undefined,
  });
  [born, pauses, deaths] = [[], [], []];
  supervisor = new Supervisor({
    count: 2,
    hub: new Hub({
      catalogs: upstream.catalogs,
      clock,
      consume: () => Promise.resolve(0),
      metrics: () => Promise.resolve([]),
    }),
    clock,
    fork: () => {
      const worker = new ScriptedWorker();
      born.push(worker);
      return worker;
    },
    welcome: () => ({
      type: 'welcome',
      linodeApiUrl: '',
      port: 4000,
      isSandbox: false,
      hasUpstreamAnswered: true,
    }),
    onDeath: ({ pauseMs, lines }) => {
      pauses.push(pauseMs);
      deaths.push(lines);
    },
  });
});
afterEach(() => upstream.close());

const latest = (): ScriptedWorker => {
  const worker = born.at(-1);
  if (!worker) throw new Error('none was born');
  return worker;
};

async function started(): Promise<void> {
  const start = supervisor.start();
  for (const worker of born) worker.listen();
  await start;
}

/** Has the latest one die as soon as it is there, so many times. */
function crash(times: number): void {
  for (let i = 0; i < times; i++) {
    const { length } = born;
    latest().die();
    clock.advance(pauses.at(-1) ?? 0);
    expect(born).toHaveLength(length + 1);
  }
}

describe('a worker that dies', () => {
  it('is replaced at once', async () => {
    await started();
    born[0]?.die();
    clock.advance(0);
    expect(born).toHaveLength(3);
    expect(pauses).toEqual([0]);
    latest().listen();
    expect(latest().told).toEqual(['welcome']);
  });

  it('is replaced after pauses that double up to 30 s while its successors die too', async () => {
    await started();
    crash(8);
    expect(pauses).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('is not replaced before the pause is over', async () => {
    await started();
    crash(2);
    latest().die();
    clock.advance(1999);
    expect(born).toHaveLength(4);
    clock.advance(1);
    expect(born).toHaveLength(5);
  });

  it('is replaced at once again when it has lived for a minute', async () => {
    await started();
    crash(4);
    clock.advance(59_999);
    latest().die();
    expect(pauses.at(-1)).toBe(8000);
    clock.advance(8000 + 60_000);
    latest().die();
    expect(pauses.at(-1)).toBe(0);
    clock.advance(0);
    latest().die();
    expect(pauses.at(-1)).toBe(1000);
  });

  it('makes no other one wait that dies for the first time', async () => {
    await started();
    crash(4);
    born[0]?.die();
    expect(pauses.at(-1)).toBe(0);
  });
});

describe('a worker that says nothing any more', () => {
  /** So many beats, at which these say that they are alive. */
  const beats = (count: number, ...alive: (ScriptedWorker | undefined)[]): void => {
    for (let i = 0; i < count; i++) {
      for (const worker of alive) worker?.beat();
      clock.advance(BEAT_MS);
    }
  };

  it('is ended after ten beats, and replaced; the others stay', async () => {
    await started();
    beats(10, born[1]);
    expect(born.map(({ isKilled }) => isKilled)).toEqual([false, false]);
    beats(1, born[1]);
    expect(born.map(({ isKilled }) => isKilled)).toEqual([true, false]);
    born[0]?.die();
    expect(deaths).toEqual([['It was busy with something for more than 10 s, and was ended']]);
    clock.advance(0);
    expect(born).toHaveLength(3);
  });

  it('is given all the time again by one word', async () => {
    await started();
    beats(10, born[1]);
    beats(1, born[0], born[1]);
    beats(9, born[1]);
    expect(born.map(({ isKilled }) => isKilled)).toEqual([false, false]);
  });

  it('is not ended before it has said hello: to start may take long', () => {
    void supervisor.start().catch(() => undefined);
    beats(100);
    expect(born.map(({ isKilled }) => isKilled)).toEqual([false, false]);
  });
});

describe('a start', () => {
  it('fails with what the first worker said that could not', async () => {
    const start = supervisor.start();
    born[0]?.fail('there is no such file', 'nor another one');
    born[1]?.fail('something else');
    await expect(start).rejects.toThrow(/^there is no such file\nnor another one$/);
    expect(pauses).toEqual([]);
  });

  it('fails when a worker ends that listened already, before all did', async () => {
    const start = supervisor.start();
    born[0]?.listen();
    born[0]?.die('SIGKILL');
    born[1]?.listen();
    await expect(start).rejects.toThrow('A worker ended (SIGKILL) before all listened');
  });
});

describe('an end', () => {
  it('replaces nobody any more, be it in the middle of a pause', async () => {
    await started();
    crash(2);
    latest().die();
    supervisor.unready();
    clock.advance(60_000);
    born[0]?.die();
    clock.advance(60_000);
    expect(born).toHaveLength(4);
  });

  it('kills who was born so lately that it hears nothing yet, and asks the others', async () => {
    await started();
    crash(1);
    supervisor.unready();
    expect(born.map(({ isKilled }) => isKilled)).toEqual([false, false, true]);
    expect(born[0]?.told).toEqual(['welcome', 'unready']);
    const closed = supervisor.close();
    expect(born[0]?.told).toEqual(['welcome', 'unready', 'close']);
    for (const worker of born) worker.die();
    await closed;
  });

  it('is over at once where no worker is left', async () => {
    await started();
    for (const worker of born) worker.die();
    await supervisor.close();
  });
});
