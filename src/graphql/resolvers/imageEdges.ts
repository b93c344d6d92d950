import type { ImageRegionResolvers, ImageResolvers } from '../../generated/resolvers.js';
import { EVENT_ORDER } from '../connections/eventOrder.js';
import { findEventsOfImage, findMentioned } from './event.js';
import type { ImageEdge } from '../models/image.js';
import { needsEvents, progressOf } from '../models/imageProgress.js';
import { toLinode, type LinodeModel } from '../models/linode.js';
import { LINODE_ORDER } from '../connections/linodeOrder.js';
import { sortBy } from '../connections/order.js';
import { paginate, windowOf } from '../connections/connection.js';
import { imagePermissions } from '../models/permissions.js';
import { findRegion } from './region.js';
import { findUser } from './user.js';

/** The creator of public images: not a user of any account. */
const LINODE = 'linode';

export const imageEdges: Required<Pick<ImageResolvers, ImageEdge>> = {
  creator: ({ createdBy, isPublic }, _, context) =>
    createdBy === null || isPublic || createdBy === LINODE ? null : findUser(createdBy, context),

  linodes: async ({ id }, args, { loaders, rowErrors }, info) => {
    const window = windowOf(LINODE_ORDER, args);
    const { rows, unreadable } = await loaders.linodes.ofImage.load(id);
    rowErrors.report(unreadable, info);
    return paginate(sortBy<LinodeModel>(rows.map(toLinode), LINODE_ORDER), window);
  },

  events: async ({ id }, args, context, info) => {
    const window = windowOf(EVENT_ORDER, args);
    return paginate(sortBy(await findEventsOfImage(id, context, info), EVENT_ORDER), window);
  },

  latestEvent: async ({ id }, _, context, info) => (await findEventsOfImage(id, context, info))[0] ?? null,

  progress: async (image, _, context, info) => {
    const events = needsEvents(image) ? await findEventsOfImage(image.id, context, info) : [];
    const progress = progressOf(image, events, context.clock.now());
    if (progress.phase !== 'CAPTURING' && progress.phase !== 'PROCESSING') return progress;
    const work = `${image.id} ${progress.phase}`;
    return { ...progress, percent: await context.loaders.progress.highestPercent(work, progress.percent) };
  },

  sourceLinode: async ({ id, isPublic }, _, context, info) => {
    if (isPublic) return null;
    const events = await findEventsOfImage(id, context, info);
    const capture = events.find(({ action }) => action === 'disk_imagize');
    return capture ? findMentioned(capture, context, info) : null;
  },

  viewerCan: async (image, _, { caller, loaders }) =>
    caller.token === null ? null : imagePermissions(image, await loaders.users.grants()),
};

export const imageRegionEdges: Required<Pick<ImageRegionResolvers, 'region'>> = {
  region: ({ regionId }, _, context) => findRegion(regionId, context),
};
