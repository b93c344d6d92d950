import { GraphQLError } from 'graphql';

/** The error of an argument that is not acceptable; `argument` is its path, dotted. */
export const badUserInput = (message: string, argument: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', argument } });
