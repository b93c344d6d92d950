import type { GraphQLContext } from '../context.js';
import { badUserInput } from '../badUserInput.js';
import { findNodeOf, MAX_IDS, type NodeModel } from '../resolvers/node.js';

/** As a router sends it. It may hold more fields than the key. */
interface Representation {
  __typename: string;
  id: string;
}

/**
 * The resolvers of a subgraph beside those of the schema.
 * @param sdl what `_service` answers
 */
export const entityResolvers = (sdl: string, entityTypes: ReadonlySet<string>) => ({
  Query: {
    _service: () => ({ sdl }),
    _entities: (
      _: unknown,
      { representations }: { representations: unknown[] },
      context: GraphQLContext,
    ): Promise<NodeModel | null>[] => {
      if (representations.length > MAX_IDS) {
        const message = `"representations" must hold at most ${MAX_IDS} entities, not ${representations.length}`;
        throw badUserInput(message, 'representations');
      }
      // A promise each, so that one failure makes one null.
      return representations.map(async (representation) => {
        const { __typename, id } = readRepresentation(representation, entityTypes);
        return findNodeOf(__typename, id, context);
      });
    },
  },
  _Entity: { __resolveType: ({ __typename }: NodeModel) => __typename },
});

function readRepresentation(value: unknown, entityTypes: ReadonlySet<string>): Representation {
  const { __typename, id } = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<keyof Representation, unknown>
  >;
  if (typeof __typename !== 'string' || !entityTypes.has(__typename) || typeof id !== 'string') {
    throw badUserInput(
      'A representation must have the "__typename" of an entity and a string "id"',
      'representations',
    );
  }
  return { __typename, id };
}
