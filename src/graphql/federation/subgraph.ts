import {
  isObjectType,
  Kind,
  parse,
  print,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { printSorted } from '../sdl.js';

/** The oldest version that has all that is used here. Routers accept it and later ones. */
const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])';

/** Types of common names that another subgraph may define just the same. Scalars and enums are merged anyway. */
const SHAREABLE = new Set(['PageInfo', 'UserError']);

/** What every subgraph has beside its own schema, for the router alone. */
const MACHINERY = parse(`
  """A representation of an entity: its type name and its key."""
  scalar _Any
  scalar federation__FieldSet
  scalar link__Import
  directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
  directive @shareable repeatable on OBJECT | FIELD_DEFINITION
  directive @link(url: String!, as: String, import: [link__Import]) repeatable on SCHEMA
  """The subgraph's own SDL."""
  type _Service {
    """With the directives of federation."""
    sdl: String!
  }
  extend type Query {
    """The SDL of this subgraph, where introspection is allowed."""
    _service: _Service!
    """Objects by their representations, in their order; null for each that does not exist or that the caller may not see."""
    _entities(
      """At most 500 objects with \`__typename\` and \`id\`."""
      representations: [_Any!]!
    ): [_Entity]!
  }
`);

/** The same schema as an Apollo Federation 2 subgraph. */
export interface Subgraph {
  /** With what the router calls: to execute. */
  typeDefs: DocumentNode;
  /** Without: what a supergraph is composed of. */
  sdl: string;
  /** The types that other subgraphs can refer to. */
  entityTypes: ReadonlySet<string>;
}

/** Makes every type with a global ID an entity. */
export function toSubgraph(schema: GraphQLSchema): Subgraph {
  const entityTypes = new Set(
    Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'))
      .map(({ name }) => name),
  );
  const document = parse(printSorted(schema));
  const definitions = [
    ...parse(LINK).definitions,
    ...document.definitions.map((definition) => withDirectives(definition, entityTypes)),
  ];
  const union = parse(`"""Every type with a global ID.""" union _Entity = ${[...entityTypes].join(' | ')}`);
  return {
    typeDefs: { ...document, definitions: [...definitions, ...MACHINERY.definitions, ...union.definitions] },
    sdl: `${print({ ...document, definitions })}\n`,
    entityTypes,
  };
}

/** On the definitions themselves: in an extension they would not cover what the definition holds. */
function withDirectives(definition: DefinitionNode, entityTypes: ReadonlySet<string>): DefinitionNode {
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return definition;
  const name = definition.name.value;
  if (entityTypes.has(name)) return withDirective(definition, KEY);
  return SHAREABLE.has(name) ? withDirective(definition, SHAREABLE_DIRECTIVE) : definition;
}

const withDirective = (
  definition: ObjectTypeDefinitionNode,
  directive: ConstDirectiveNode,
): ObjectTypeDefinitionNode => ({
  ...definition,
  directives: [...(definition.directives ?? []), directive],
});

const [KEY, SHAREABLE_DIRECTIVE] = ['@key(fields: "id")', '@shareable'].map(directiveOf) as [
  ConstDirectiveNode,
  ConstDirectiveNode,
];

function directiveOf(text: string): ConstDirectiveNode {
  const [definition] = parse(`type T ${text}`).definitions as ObjectTypeDefinitionNode[];
  return definition?.directives?.[0] as ConstDirectiveNode;
}
