import { GraphQLError } from 'graphql';

/** The error of an invalid argument; `argument` is its dotted path. */
export const badUserInput = (message: string, argument: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', argument } });
