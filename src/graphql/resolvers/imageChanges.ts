import type { ImageChangeKind, ImageFilter } from '../../generated/schema.js';
import type { LiveImage, LiveState } from '../../live/liveState.js';
import { compileImageFilter } from '../connections/imageFilter.js';
import type { GraphQLContext } from '../context.js';
import { countLeaves } from '../limits/cost.js';
import type { ImageModel } from '../models/image.js';
import { checkRowWork, WORK } from '../work/collectionWork.js';

/** A change in the schema's words. */
export interface ImageChangeModel {
  __typename: 'ImageChange';
  kind: ImageChangeKind;
  imageId: string;
  image: ImageModel | null;
}

export interface ImageChangesOptions {
  filter: ImageFilter | null;
  /** Whether an image counts as changed when its progress has. */
  followsEvents: boolean;
  context: GraphQLContext;
}

/** What changes among the caller's own images that match a filter, from one state to the next. */
export interface ImageChanges {
  /** The changes since the last call; at the first, all images are new. */
  since(state: LiveState): AsyncIterable<ImageChangeModel>;
  /** Some image that matches, as if it had changed; undefined if none matches. */
  anyOf(state: LiveState): Promise<ImageChangeModel | undefined>;
}

/** @throws {GraphQLError} BAD_USER_INPUT if the filter is not valid */
export function changesOf({ filter, followsEvents, context }: ImageChangesOptions): ImageChanges {
  const { imageModels, work } = context;
  const compiled = filter === null ? undefined : compileImageFilter(filter);
  let units = filter === null ? 0 : countLeaves(filter) * WORK.perCondition;
  /** Shared with the poller and all other subscriptions, so that each holds no copy. */
  let seen: ReadonlyMap<string, LiveImage> = new Map();
  let hasEvents = false;

  /** Evaluates the filter, and yields to other operations once that has taken a while. */
  async function matches({ image }: LiveImage): Promise<boolean> {
    if (image.is_public || image.type === 'shared') return false;
    if (!compiled) return true;
    const model = imageModels.of(image);
    const rowUnits = compiled.work.workFor(model);
    checkRowWork(rowUnits);
    units += rowUnits;
    if (units > WORK.maxPerTurn / 10) {
      await work.turnFor(units);
      units = 0;
    }
    return compiled.matches(model);
  }

  const change = (kind: ImageChangeKind, id: string, live?: LiveImage): ImageChangeModel => ({
    __typename: 'ImageChange',
    kind,
    imageId: id,
    image: live ? imageModels.of(live.image) : null,
  });

  /** @param isFirstOfEvents the events are known for the first time: the event before has read them by itself */
  const isUnchanged = (before: LiveImage, now: LiveImage, isFirstOfEvents: boolean): boolean =>
    before === now ||
    (before.image === now.image &&
      (!followsEvents ||
        before.progress === now.progress ||
        (isFirstOfEvents && !now.progress.includes(' failed '))));

  return {
    async *since({ images, events }) {
      const before = seen;
      const isFirstOfEvents = !hasEvents && events !== null;
      seen = images;
      hasEvents = events !== null;
      if (before === images) return;
      for (const [id, live] of images) {
        const last = before.get(id);
        if (last && isUnchanged(last, live, isFirstOfEvents)) continue;
        const [did, does] = [last ? await matches(last) : false, await matches(live)];
        if (does) yield change(did ? 'CHANGED' : 'ADDED', id, live);
        else if (did) yield change('REMOVED', id, live);
      }
      for (const [id, last] of before) {
        if (!images.has(id) && (await matches(last))) yield change('REMOVED', id);
      }
    },

    async anyOf({ images }) {
      for (const [id, live] of images) if (await matches(live)) return change('CHANGED', id, live);
      return undefined;
    },
  };
}
