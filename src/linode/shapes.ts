import { z } from 'zod';
import { isOnTheCalendar } from './calendar.js';

/** What an answer must be like. */
export type Shape<T> = Pick<z.ZodType<T>, 'safeParse'>;

/** A nullable key of another type than promised counts as null; a required one fails the answer. */
export const nullableText = z.string().nullable().catch(null);

/** `YYYY-MM-DDTHH:MM:SS`, UTC without saying so; other parts of the API add the zone. */
export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/)
  .refine((text) => isOnTheCalendar(text.slice(0, 19)));

/** A size in MB, within what GraphQL's Int holds: two petabytes. */
export const megabytes = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

export const nullableTime = time.nullable().catch(null);

export const texts = z.array(z.string()).catch([]);
