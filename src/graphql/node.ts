import type { QueryResolvers, ResolversTypes } from '../generated/graphql.js';
import { badUserInput } from './badUserInput.js';
import type { GraphQLContext } from './context.js';
import { findImage } from './image.js';

type NodeModel = Awaited<ResolversTypes['Node']>;

const MOST_IDS = 500;

/** Whatever the global ID names: its form tells the type. */
const findNode = async (id: string, context: GraphQLContext): Promise<NodeModel | null> =>
  findImage(id, context);

export const nodeQueries: Pick<QueryResolvers, 'node' | 'nodes'> = {
  node: (_, { id }, context) => findNode(id, context),
  nodes: (_, { ids }, context) => {
    if (ids.length > MOST_IDS)
      throw badUserInput(`"ids" holds ${ids.length} IDs; ${MOST_IDS} is the most`, 'ids');
    // A promise for each: one that fails is null by itself. The generated type knows no promise of null.
    return ids.map((id) => findNode(id, context) as Promise<NodeModel>);
  },
};
