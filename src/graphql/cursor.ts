import { badUserInput } from './badUserInput.js';
import type { Order, Position, SortValue } from './order.js';

/** A cursor holds the order's signature and a position in it: `["-label", "debian 12", "linode/debian12"]`. */
export const encodeCursor = <T>(order: Order<T>, position: Position): string =>
  Buffer.from(JSON.stringify([order.signature, ...position])).toString('base64url');

const LONGEST_CURSOR = 20_000;

/** @throws {GraphQLError} BAD_USER_INPUT: malformed, or of another order */
export function decodeCursor<T>(order: Order<T>, cursor: string, argument: string): Position {
  const parts = cursor.length <= LONGEST_CURSOR ? parse(cursor) : undefined;
  if (!parts || !parts.every(isSortValue))
    throw badUserInput(`"${argument}" is not a cursor of this API`, argument);
  const [signature, ...position] = parts;
  if (signature !== order.signature || position.length !== order.keys.length + 1) {
    throw badUserInput(`"${argument}" is a cursor of another order: page with the same orderBy`, argument);
  }
  return position;
}

function parse(cursor: string): unknown[] | undefined {
  try {
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}

const isSortValue = (value: unknown): value is SortValue =>
  value === null || typeof value === 'string' || typeof value === 'number';
