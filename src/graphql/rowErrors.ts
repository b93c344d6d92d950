import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { UnreadableRow } from '../linode/shapes.js';

/** The errors of list rows that Linode sent and the gateway cannot read: the lists are served without them. */
export class RowErrors {
  readonly all: GraphQLError[] = [];

  /** Adds an error on the list's path for each row. */
  report(rows: readonly UnreadableRow[], { path }: Pick<GraphQLResolveInfo, 'path'>): void {
    for (const { index, id, field, reason } of rows) {
      const name = id === null ? `Row ${index}` : `Row ${index} (${id})`;
      const message = `${name} of Linode's list is invalid at "${field}": ${reason}`;
      const extensions = {
        code: 'UPSTREAM_INVALID_RESPONSE',
        row: { index, id, field },
        upstream: { status: 200 },
      };
      this.all.push(new GraphQLError(message, { path: keysOf(path), extensions }));
    }
  }
}

function keysOf(path: GraphQLResolveInfo['path'] | undefined): (string | number)[] {
  return path ? [...keysOf(path.prev), path.key] : [];
}
