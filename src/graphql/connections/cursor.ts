import { badUserInput } from '../badUserInput.js';
import type { Order, Position, SortValue } from './order.js';

/** A cursor contains the order's signature and a position in it: `["-label", "debian 12", "linode/debian12"]`. */
export const encodeCursor = <T>(order: Order<T>, position: Position): string =>
  Buffer.from(JSON.stringify([order.signature, ...position])).toString('base64url');

const MAX_CURSOR_LENGTH = 20_000;

/** @throws {GraphQLError} BAD_USER_INPUT if it is malformed or belongs to another order */
export function decodeCursor<T>(order: Order<T>, cursor: string, argument: string): Position {
  const [signature, ...position] = (cursor.length <= MAX_CURSOR_LENGTH && parse(cursor)) || [];
  if (typeof signature !== 'string') throw badUserInput(`"${argument}" is not a valid cursor`, argument);
  if (signature !== order.signature) {
    throw badUserInput(
      `"${argument}" belongs to another order: use the "orderBy" that returned the cursor`,
      argument,
    );
  }
  if (!isPosition(order, position)) throw badUserInput(`"${argument}" is not a valid cursor`, argument);
  return position;
}

function isPosition<T>({ keys }: Order<T>, values: unknown[]): values is SortValue[] {
  return (
    values.length === keys.length + 1 &&
    keys.every(({ type }, i) => values[i] === null || typeof values[i] === type) &&
    typeof values.at(-1) === 'string'
  );
}

function parse(cursor: string): unknown[] | undefined {
  try {
    const bytes = Buffer.from(cursor, 'base64url');
    // Buffer skips characters outside of base64url.
    if (bytes.toString('base64url') !== cursor) return undefined;
    const parts = JSON.parse(bytes.toString('utf8')) as unknown;
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}
