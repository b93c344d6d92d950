/** The schema of this checkout. */
import type { GraphQLSchema } from 'graphql';
import { readSchema } from '../src/graphql/sdl.js';

export const currentSchema = (): GraphQLSchema => readSchema('schema');
