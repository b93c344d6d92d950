import {
  getNamedType,
  isLeafType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** The fields of a type that need no resolver. */
export interface PlainFields {
  typeName: string;
  /** By name; null for a field of scalars or enum values, else the plain fields of its objects. */
  fields: ReadonlyMap<string, PlainFields | null>;
}

/**
 * The plain fields of a type, read off the schema: no resolver, no arguments, and values (or lists of them) that
 * are scalars, enum values or objects with plain fields of their own. A model holds such a value as it is written.
 */
export function plainFieldsOf(type: GraphQLObjectType): PlainFields {
  const fields = new Map<string, PlainFields | null>();
  for (const field of Object.values(type.getFields()).filter(isPlain)) {
    const fieldType = getNamedType(field.type);
    if (isLeafType(fieldType)) fields.set(field.name, null);
    else if (isObjectType(fieldType)) fields.set(field.name, plainFieldsOf(fieldType));
  }
  return { typeName: type.name, fields };
}

const isPlain = ({ resolve, args }: GraphQLField<unknown, unknown>): boolean =>
  resolve === undefined && args.length === 0;

/** @throws {Error} the schema has no object type of this name */
export function objectTypeOf(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`The schema has no object type ${name}`);
  return type;
}
