import { GraphQLError, GraphQLScalarType } from 'graphql';

/** Passes byte for byte: rewriting invalidates a signed URL. */
export const URLScalar = new GraphQLScalarType<string, string>({
  name: 'URL',
  description: 'An absolute URL, passed through byte for byte.',
  serialize: (value) => value as string,
  parseValue(value) {
    if (typeof value === 'string' && URL.canParse(value)) return value;
    throw new GraphQLError('URL must be an absolute URL', { extensions: { code: 'BAD_USER_INPUT' } });
  },
});
