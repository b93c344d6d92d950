/** Prints the whole schema as one SDL document that relay-compiler, graphql-codegen and editors accept. */
import { currentSchema, printSorted } from './sdl.js';

process.stdout.write(printSorted(currentSchema()));
