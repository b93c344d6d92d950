import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { UnreadableRow } from '../linode/shapes.js';
import type { ErrorExtensions } from './errors/formatError.js';

/** Errors of one operation; the last one counts the others, so that many rows on many paths stay small. */
const MAX_ROW_ERRORS = 1000;

/** The errors of list rows that Linode sent and the gateway cannot read: the lists are served without them. */
export class RowErrors {
  readonly #errors: GraphQLError[] = [];
  #more = 0;

  /** Adds an error on the list's path for each row. */
  report(rows: readonly UnreadableRow[], { path }: Pick<GraphQLResolveInfo, 'path'>): void {
    for (const { index, id, field, reason } of rows) {
      if (this.#errors.length >= MAX_ROW_ERRORS) {
        this.#more++;
        continue;
      }
      const name = id === null ? `Row ${index}` : `Row ${index} (${id})`;
      const message = `${name} of Linode's list is invalid at "${field}": ${reason}`;
      this.#errors.push(errorOf(message, { row: { index, id, field } }, keysOf(path)));
    }
  }

  get all(): readonly GraphQLError[] {
    if (this.#more === 0) return this.#errors;
    return [...this.#errors, errorOf(`Rows of Linode's lists are invalid ${this.#more} times more`)];
  }
}

const errorOf = (message: string, facts: object = {}, path?: (string | number)[]): GraphQLError => {
  const extensions: ErrorExtensions = {
    code: 'UPSTREAM_INVALID_RESPONSE',
    ...facts,
    upstream: { status: 200 },
  };
  return new GraphQLError(message, { path, extensions });
};

function keysOf(path: GraphQLResolveInfo['path'] | undefined): (string | number)[] {
  return path ? [...keysOf(path.prev), path.key] : [];
}
