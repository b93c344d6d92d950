import type { GraphQLResolveInfo } from 'graphql';
import type { ImageFilter } from '../../generated/schema.js';
import type { SubscriptionResolvers } from '../../generated/resolvers.js';
import { assertToken } from '../../linode/client/tokenChecks.js';
import { isOutage, LinodeForbidden } from '../../linode/errors.js';
import { NOTHING_KNOWN, imagesOfEvent, type LiveState } from '../../live/liveState.js';
import type { Interest, LiveSubscription } from '../../live/liveSubscription.js';
import type { GraphQLContext } from '../context.js';
import { needsEvents } from '../models/imageProgress.js';
import { isFinal } from '../models/imageFinality.js';
import { toEvent, type EventModel } from '../models/event.js';
import type { ImageModel } from '../models/image.js';
import { toImageId } from '../models/imageId.js';
import type { SourceEvent } from '../preparedSubscription.js';
import { changesOf, type ImageChangeModel } from './imageChanges.js';
import { findImage } from './image.js';
import { selectsAny } from './selection.js';

/** The fields that events may change although the image stays the same. */
const FIELDS_OF_EVENTS = ['progress', 'events', 'latestEvent'];

type Root<T> = SourceEvent<T>;

export const imageSubscriptions: SubscriptionResolvers = {
  image: {
    subscribe: (_, { id }, context) => followImage(toImageId(id, 'id'), context),
    resolve: ({ value }: Root<ImageModel | null>) => value,
  },
  imageChanges: {
    subscribe: (_, { filter }, context, info) => followChanges(filter ?? null, context, info),
    resolve: ({ value }: Root<ImageChangeModel>) => value,
  },
};

/** Reads the image as a query does: what fails now is an error of the request. */
async function followImage(
  id: string,
  context: GraphQLContext,
): Promise<AsyncIterable<Root<ImageModel | null>>> {
  const image = await findImage(id, context);
  const events = image && needsEvents(image) ? await readableEvents(id, context) : [];
  return eventsOfImage(id, image, isFinal(image, events, context.clock.now()), context);
}

async function* eventsOfImage(
  id: string,
  first: ImageModel | null,
  isFirstFinal: boolean,
  context: GraphQLContext,
): AsyncGenerator<Root<ImageModel | null>> {
  const event = (value: ImageModel | null, state: LiveState, isNotice: boolean) => ({
    value,
    state,
    isNotice,
    isStateful: true,
  });
  yield event(first, NOTHING_KNOWN, false);
  if (isFirstFinal) return;
  let isStale = false;
  for await (const state of statesOf({ imageId: id }, context)) {
    const live = state.images.get(id);
    if (!live && !state.missing.has(id)) continue;
    const image = live ? context.imageModels.of(live.image) : null;
    const isNotice = (state.staleAgeMs !== undefined) !== isStale;
    isStale = state.staleAgeMs !== undefined;
    yield event(image, state, isNotice);
    if (isFinal(image, eventModels(id, state), context.clock.now())) return;
  }
}

async function followChanges(
  filter: ImageFilter | null,
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<AsyncIterable<Root<ImageChangeModel>>> {
  assertToken(context.caller, 'GET', '/images');
  const options = { filter, followsEvents: selectsAny(info, ['image'], FIELDS_OF_EVENTS), context };
  const changes = changesOf(options);
  await context.loaders.images.all();
  return eventsOfChanges(changes, context);
}

async function* eventsOfChanges(
  changes: ReturnType<typeof changesOf>,
  context: GraphQLContext,
): AsyncGenerator<Root<ImageChangeModel>> {
  let isStale = false;
  for await (const state of statesOf('all', context)) {
    let isNotice = (state.staleAgeMs !== undefined) !== isStale;
    isStale = state.staleAgeMs !== undefined;
    for await (const value of changes.since(state)) {
      yield { value, state, isNotice, isStateful: false };
      isNotice = false;
    }
    const repeated = isNotice ? await changes.anyOf(state) : undefined;
    if (repeated) yield { value: repeated, state, isNotice, isStateful: false };
  }
}

/** The states of what is followed, until the subscriber leaves. */
async function* statesOf(interest: Interest, context: GraphQLContext): AsyncGenerator<LiveState> {
  const signal = context.stream?.signal;
  if (signal?.aborted) return;
  const subscription: LiveSubscription = context.live.follow(context.caller, interest);
  const leave = (): void => {
    subscription.close();
  };
  signal?.addEventListener('abort', leave, { once: true });
  try {
    for (let state = await subscription.next(); state !== null; state = await subscription.next())
      yield state;
  } finally {
    signal?.removeEventListener('abort', leave);
    subscription.close();
  }
}

/** None where they cannot be read: the image is followed without them. */
async function readableEvents(id: string, context: GraphQLContext): Promise<EventModel[]> {
  if (context.caller.token === null) return [];
  try {
    const { rows } = await context.loaders.events.ofImage(id);
    return rows.map(toEvent);
  } catch (error) {
    if (error instanceof LinodeForbidden || isOutage(error)) return [];
    throw error;
  }
}

const eventModels = (id: string, { events }: LiveState): EventModel[] =>
  (events?.rows ?? []).filter((event) => imagesOfEvent(event).includes(id)).map(toEvent);
