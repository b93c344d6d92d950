import { GraphQLError, GraphQLScalarType } from 'graphql';

/** Passes byte for byte: a signed URL is no longer good when anything in it is rewritten. */
export const URLScalar = new GraphQLScalarType<string, string>({
  name: 'URL',
  description: 'An absolute URL, passed on byte for byte.',
  serialize: (value) => value as string,
  parseValue(value) {
    if (typeof value === 'string' && URL.canParse(value)) return value;
    throw new GraphQLError('URL must be an absolute URL', { extensions: { code: 'BAD_USER_INPUT' } });
  },
});
