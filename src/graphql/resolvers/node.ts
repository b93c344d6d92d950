import type { QueryResolvers, ResolversTypes } from '../../generated/resolvers.js';
import { badUserInput } from '../errors/badUserInput.js';
import type { GraphQLContext } from '../context.js';
import { findDisk } from './disk.js';
import { findEvent } from './event.js';
import { findImage } from './image.js';
import { findLinode } from './linode.js';
import { findRegion } from './region.js';
import { findUser } from './user.js';

type NodeModel = Awaited<ResolversTypes['Node']>;

const MOST_IDS = 500;

/** The forms of global IDs, and how to find what they name; an image's form is Linode's own. */
const FORMS: [
  RegExp,
  (context: GraphQLContext, first: string, second: string) => Promise<NodeModel | null>,
][] = [
  [/^regions\/([a-z0-9-]+)$/, (context, slug) => findRegion(slug, context)],
  [/^linodes\/(\d+)$/, (context, number) => findLinode(number, context)],
  [
    /^linodes\/([1-9]\d{0,14})\/disks\/([1-9]\d*)$/,
    (context, linode, disk) => findDisk(linode, disk, context),
  ],
  [/^users\/(.+)$/, (context, username) => findUser(username, context)],
  [/^events\/([1-9]\d{0,14})$/, (context, number) => findEvent(number, context)],
];

/** Whatever the global ID names: its form tells the type. */
async function findNode(id: string, context: GraphQLContext): Promise<NodeModel | null> {
  for (const [form, find] of FORMS) {
    const match = form.exec(id);
    if (match) return find(context, match[1] ?? '', match[2] ?? '');
  }
  return findImage(id, context);
}

export const nodeQueries: Pick<QueryResolvers, 'node' | 'nodes'> = {
  node: (_, { id }, context) => findNode(id, context),
  nodes: (_, { ids }, context) => {
    if (ids.length > MOST_IDS)
      throw badUserInput(`"ids" holds ${ids.length} IDs; ${MOST_IDS} is the most`, 'ids');
    // A promise for each: one that fails is null by itself. The generated type knows no promise of null.
    return ids.map((id) => findNode(id, context) as Promise<NodeModel>);
  },
};
