import { z } from 'zod';
import { LinodeInvalidResponse } from '../errors.js';
import type { Checked, Shape, UnreadableRow } from '../shapes.js';

/** The largest page that Linode serves, in rows. */
export const MAX_PAGE_SIZE = 500;

/** A page of a list as Linode sends it. An empty, filtered image list is page 0 of 0. */
export interface LinodePage<T> {
  /** The rows that can be read. */
  data: T[];
  unreadable: readonly UnreadableRow[];
  page: number;
  pages: number;
  /** Rows of the whole list by Linode's count, which may exceed the rows that it sends. */
  results: number;
}

/** The rows of all pages of a list. */
export interface LinodeList<T> {
  rows: T[];
  unreadable: readonly UnreadableRow[];
}

const count = z.number().int().min(0);
const envelope = z.object({ data: z.array(z.unknown()), page: count, pages: count, results: count });

/** The images that an unreadable row refers to; undefined if that cannot be read. */
type ImageIdsOf = (row: object) => readonly string[] | undefined;

/** The shape of a page. Only an invalid envelope fails it; invalid rows are returned in `unreadable`. */
export const pageOf = <T>(rowShape: Shape<T>, imageIdsOf?: ImageIdsOf): Shape<LinodePage<T>> => ({
  safeParse(json) {
    const parsed = envelope.safeParse(json);
    if (!parsed.success) return parsed;
    const { data: rows, ...facts } = parsed.data;
    const { readable, unreadable } = readRows(rows, rowShape, imageIdsOf);
    return { success: true, data: { ...facts, data: readable, unreadable } };
  },
});

/** Reads each row by itself. */
export function readRows<T>(
  rows: readonly unknown[],
  shape: Shape<T>,
  imageIdsOf?: ImageIdsOf,
): { readable: T[]; unreadable: UnreadableRow[] } {
  const readable: T[] = [];
  const unreadable: UnreadableRow[] = [];
  for (const [index, row] of rows.entries()) {
    const read = shape.safeParse(row);
    if (read.success) {
      readable.push(read.data);
    } else {
      const imageIds = typeof row === 'object' && row ? imageIdsOf?.(row) : undefined;
      unreadable.push({ ...unreadableRow(index, row, read.error), ...(imageIds && { imageIds }) });
    }
  }
  return { readable, unreadable };
}

/** The unreadable rows that may refer to an image. */
export const unreadableOfImage = (rows: readonly UnreadableRow[], imageId: string): UnreadableRow[] =>
  rows.filter(({ imageIds }) => imageIds?.includes(imageId) ?? true);

/** The error of a row that cannot be read. */
export function rowError({ index, field, reason }: UnreadableRow, path: string): LinodeInvalidResponse {
  const message = `Row ${index} of Linode's list is invalid at "${field}": ${reason}`;
  return new LinodeInvalidResponse(message, { method: 'GET', path, status: 200 });
}

/** The unreadable rows of consecutive full pages, indexed over all of them. */
export const unreadableOf = (pages: readonly LinodePage<unknown>[]): UnreadableRow[] =>
  pages.flatMap(({ unreadable }, i) =>
    unreadable.map((row) => ({ ...row, index: i * MAX_PAGE_SIZE + row.index })),
  );

function unreadableRow(
  index: number,
  row: unknown,
  error: Extract<Checked<unknown>, { success: false }>['error'],
): UnreadableRow {
  const { id, username } = (row ?? {}) as { id?: unknown; username?: unknown };
  const name = id ?? username;
  const [issue] = error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  const isValidName = field !== 'id' && field !== 'username';
  return {
    index,
    id: isValidName && (typeof name === 'string' || typeof name === 'number') ? name : null,
    field,
    reason: issue?.message ?? 'Invalid input',
  };
}
