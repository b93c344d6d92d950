import { beforeEach, describe, expect, it } from '@jest/globals';
import type {
  Came,
  CatalogState,
  Kind,
  QuestionOf,
  ToPrimary,
  ToWorker,
} from '../../src/cluster/messages.js';
import { createWorkerLink, type WorkerLink } from '../../src/cluster/workerLink.js';
import { callerOf } from '../../src/linode/caller.js';
import type { LinodeImage } from '../../src/linode/api/images.js';
import { SETTINGS } from '../support/cluster.js';
import { manualClock } from '../support/manualClock.js';

const alice = callerOf('alice');
const clock = manualClock();
const CAME: Came = { since: 1, results: ['miss'], ageMs: 0, staleAgeMs: undefined, freshForMs: 5000 };

/** A worker, whose primary is the test. */
let worker: WorkerLink;
let tell: (message: ToWorker) => void;
let sent: ToPrimary[];

beforeEach(() => {
  sent = [];
  worker = createWorkerLink({
    channel: {
      send: (message) => void sent.push(message),
      onMessage: (listener) => void (tell = listener),
    },
    clock,
    settings: SETTINGS,
  });
});

/** The images of one version, as the primary tells of them; without them where the worker has that version. */
const state = (version: number, epoch: number, label?: string): CatalogState => ({
  version,
  epoch,
  ...(label !== undefined && { images: [labelled(label)] }),
  ageMs: 0,
  freshForMs: 5000,
  aheadInMs: undefined,
  isAnew: true,
});
const labelled = (label: string) => ({ id: 'private/1', label, is_public: false }) as LinodeImage;

const catalog = () => worker.catalogs.of(alice);
const reading = () =>
  worker.catalogs.reading(
    { deadlineAt: clock.now() + 10_000, signal: new AbortController().signal },
    undefined,
  );
const drop = (epoch: number): void => {
  tell({ type: 'drop', id: epoch, callerKey: alice.key, epoch });
};

/** What the worker asked that was not answered yet. */
function open<K extends Kind>(kind: K): { id: number; question: QuestionOf<K> } {
  const asked = sent.findLast((message) => message.type === 'ask' && message.kind === kind);
  if (asked?.type !== 'ask') throw new Error(`no question of kind ${kind}`);
  return { id: asked.id, question: asked.question as QuestionOf<K> };
}
const answer = (id: number, value: unknown): void => {
  tell({ type: 'answer', id, outcome: { value }, calls: [] });
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('after a drop', () => {
  it('a late list reply does not resurrect an old copy: the question is put again', async () => {
    const listed = catalog().list(reading());
    const early = open('list');
    drop(8);
    answer(early.id, { state: state(3, 7, 'old'), came: CAME });
    await settled();
    expect(catalog().peek()).toBeUndefined();
    expect(catalog().images).toEqual([]);
    const again = open('list');
    expect(again.id).not.toBe(early.id);
    answer(again.id, { state: state(4, 8, 'new'), came: CAME });
    expect(await listed).toEqual([labelled('new')]);
    expect(catalog().peek()).toBeDefined();
  });

  it('a late reply that the copy is still good is not believed: the images are asked for', async () => {
    const first = catalog().list(reading());
    answer(open('list').id, { state: state(3, 7, 'old'), came: CAME });
    await first;
    clock.advance(5001);
    const second = catalog().list(reading());
    const early = open('list');
    expect(early.question.version).toBe(3);
    drop(8);
    answer(early.id, { state: state(3, 7), came: CAME });
    await settled();
    const again = open('list');
    expect(again.question.version).toBeUndefined();
    answer(again.id, { state: state(4, 8, 'new'), came: CAME });
    expect(await second).toEqual([labelled('new')]);
  });

  it('the list that comes with one late image is not taken over', async () => {
    const got = catalog().get(['private/1'], reading());
    const early = open('get');
    drop(8);
    answer(early.id, { images: [labelled('old')], state: state(3, 7, 'old'), came: CAME });
    await got;
    expect(catalog().peek()).toBeUndefined();
    expect(catalog().images).toEqual([]);
  });

  it('no read that begins then rides with a question from before it', async () => {
    const early = catalog().list(reading());
    const { id } = open('list');
    drop(8);
    const late = catalog().list(reading());
    expect(open('list').id).not.toBe(id);
    answer(open('list').id, { state: state(4, 8, 'new'), came: CAME });
    expect(await late).toEqual([labelled('new')]);
    answer(id, { state: state(3, 7, 'old'), came: CAME });
    await settled();
    answer(open('list').id, { state: state(4, 8), came: CAME });
    expect(await early).toEqual([labelled('new')]);
  });
});

it('after news, a late list reply answers who asked, and nobody else', async () => {
  const listed = catalog().list(reading());
  tell({ type: 'moved', callerKey: alice.key, version: 4 });
  answer(open('list').id, { state: state(3, 7, 'old'), came: CAME });
  expect(await listed).toEqual([labelled('old')]);
  expect(catalog().peek()).toBeUndefined();
});

it('after a newer copy, a late reply that the older one is still good is not believed', async () => {
  const first = catalog().list(reading());
  answer(open('list').id, { state: state(3, 7, 'old'), came: CAME });
  await first;
  clock.advance(5001);
  const listed = catalog().list(reading());
  const got = catalog().get(['private/1'], reading());
  const early = open('list');
  answer(open('get').id, { images: [labelled('new')], state: state(4, 7, 'new'), came: CAME });
  await got;
  answer(early.id, { state: state(3, 7), came: CAME });
  await settled();
  const again = open('list');
  expect(again.question.version).toBe(4);
  answer(again.id, { state: state(4, 7), came: CAME });
  expect(await listed).toEqual([labelled('new')]);
});
