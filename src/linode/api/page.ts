import { z } from 'zod';

/** The most rows that Linode puts on a page. */
export const MAX_PAGE_SIZE = 500;

/** Linode's envelope of a list. A filtered image list that is empty is page 0 of 0. */
export interface LinodePage<T> {
  data: T[];
  page: number;
  pages: number;
  results: number;
}

export const pageOf = <T>(row: z.ZodType<T>): z.ZodType<LinodePage<T>> =>
  z.object({
    data: z.array(row),
    page: z.number().int().min(0),
    pages: z.number().int().min(0),
    results: z.number().int().min(0),
  });
