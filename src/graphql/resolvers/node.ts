import type { QueryResolvers, ResolversTypes } from '../../generated/resolvers.js';
import { badUserInput } from '../badUserInput.js';
import type { GraphQLContext } from '../context.js';
import { findDisk } from './disk.js';
import { findEvent } from './event.js';
import { findImage } from './image.js';
import { findLinode } from './linode.js';
import { findRegion } from './region.js';
import { findUser } from './user.js';
import { WORK } from '../work/collectionWork.js';

export type NodeModel = Awaited<ResolversTypes['Node']>;

/** Of one list of IDs. */
export const MAX_IDS = 500;
/** Of a field that does not wait for a turn of its own. */
const MAX_IDS_AT_ONCE = 20;

/** The patterns of global IDs, each with its type and a function that finds the object. Image IDs are those of Linode. */
const PATTERNS: [
  NodeModel['__typename'],
  RegExp,
  (context: GraphQLContext, first: string, second: string) => Promise<NodeModel | null>,
][] = [
  ['Region', /^regions\/([a-z0-9-]+)$/, (context, slug) => findRegion(slug, context)],
  ['Linode', /^linodes\/(\d+)$/, (context, number) => findLinode(number, context)],
  [
    'Disk',
    /^linodes\/([1-9]\d{0,14})\/disks\/([1-9]\d*)$/,
    (context, linode, disk) => findDisk(linode, disk, context),
  ],
  ['User', /^users\/(.+)$/, (context, username) => findUser(username, context)],
  ['Event', /^events\/([1-9]\d{0,14})$/, (context, number) => findEvent(number, context)],
];

/** The object of a global ID, which implies the type. */
const findNode = (id: string, context: GraphQLContext): Promise<NodeModel | null> =>
  findNodeOf(undefined, id, context);

/** The same, but null without a call for the ID of another type. */
export async function findNodeOf(
  typename: string | undefined,
  id: string,
  context: GraphQLContext,
): Promise<NodeModel | null> {
  for (const [name, pattern, find] of PATTERNS) {
    const match = pattern.exec(id);
    if (!match) continue;
    return (typename ?? name) === name ? find(context, match[1] ?? '', match[2] ?? '') : null;
  }
  return (typename ?? 'Image') === 'Image' ? findImage(id, context) : null;
}

export const nodeQueries: Pick<QueryResolvers, 'node' | 'nodes'> = {
  node: (_, { id }, context) => findNode(id, context),
  nodes: async (_, { ids }, context) => {
    if (ids.length > MAX_IDS)
      throw badUserInput(`"ids" must hold at most ${MAX_IDS} IDs, not ${ids.length}`, 'ids');
    // Some hundred IDs of all aliases are looked up together, more of them in later turns of the event loop.
    const turn = context.work.turnFor(ids.length * WORK.perLookup);
    if (turn) await turn;
    // A promise each, so that one failure makes one null. The generated type does not allow a promise of null.
    const found = ids.map((id) => findNode(id, context) as Promise<NodeModel>);
    // The fields of what was found are resolved in a turn for each alias.
    if (found.length > MAX_IDS_AT_ONCE) {
      await Promise.allSettled(found);
      await context.work.turnFor(found.length * WORK.perNode);
    }
    return found;
  },
};
