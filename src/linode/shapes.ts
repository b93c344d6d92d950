import { z } from 'zod';
import { isOnTheCalendar } from './calendar.js';

/** What a response must look like; a Zod type is one. */
export interface Shape<T> {
  safeParse(json: unknown): Checked<T>;
}

export type Checked<T> =
  | { success: true; data: T }
  | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };

/** A row of a list that cannot be read. The rest of the list is served without it. */
export interface UnreadableRow {
  /** Its position in the list, from 0. */
  index: number;
  /** Its `id` (a user's `username`) where that is valid. */
  id: string | number | null;
  /** The field that is missing or invalid, such as `size` or `regions.0.region`; empty if the row is no object. */
  field: string;
  /** What is wrong with the field. Never quotes the row. */
  reason: string;
  /** IDs of the images that an event or a Linode refers to; absent where that cannot be read, too. */
  imageIds?: readonly string[];
}

/** A nullable field of an unexpected type is read as null. */
export const nullableText = z.string().nullable().catch(null);

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;

/** `YYYY-MM-DDTHH:MM:SS` in UTC; some parts of the API append a fraction or a zone. */
export const time = z
  .string()
  .refine(
    (text) => DATE_TIME.test(text) && isOnTheCalendar(text.slice(0, 19)),
    'Expected YYYY-MM-DDTHH:MM:SS',
  );

/** A size in MB, within GraphQL's Int: two petabytes. */
export const megabytes = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

export const nullableTime = time.nullable().catch(null);

/** An optional list of texts; empty if it is missing or invalid. */
export const texts = z.array(z.string()).catch([]);
