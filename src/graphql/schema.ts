import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { resolvers } from './resolvers/resolvers.js';

/** The SDL, one string per file. */
export const loadTypeDefs = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => readFileSync(join(directory, name), 'utf8'));

export const createSchema = (directory: string): GraphQLSchema =>
  makeExecutableSchema({ typeDefs: loadTypeDefs(directory), resolvers });
