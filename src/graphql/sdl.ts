import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';

/** The SDL, one string per file. */
export const loadTypeDefs = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => readFileSync(join(directory, name), 'utf8'));

/** The schema as its files define it, without resolvers. */
export const readSchema = (directory: string): GraphQLSchema =>
  buildSchema(loadTypeDefs(directory).join('\n'));

/** One document, sorted by name, so that two versions differ by what changed and not by where it is written. */
export const printSorted = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`;
