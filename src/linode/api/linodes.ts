import { z } from 'zod';
import { readAllPages } from './allPages.js';
import type { CallTerms, LinodeReads } from '../client/client.js';
import { MAX_PAGE_SIZE, pageOf, type LinodeList } from './page.js';
import { nullableText, nullableTime, texts, time } from '../shapes.js';

/** A Linode, an "instance" in the API's paths. Source: GET /linode/instances. */
export interface LinodeLinode {
  id: number;
  label: string;
  status: string;
  /** The plan: `g6-nanode-1`. */
  type: string | null;
  /** A slug. */
  region: string;
  /** The image that it was deployed from, which may not exist any more; null without one. */
  image: string | null;
  tags: string[];
  created: string;
  updated: string | null;
}

const linodeLinode: z.ZodType<LinodeLinode> = z.object({
  id: z.int().min(1),
  label: z.string(),
  status: z.string(),
  type: nullableText,
  region: z.string(),
  image: nullableText,
  tags: texts,
  created: time,
  updated: nullableTime,
});

const linodesPage = pageOf(linodeLinode, (row) => {
  const { image } = row as { image?: unknown };
  if (image === null) return [];
  return typeof image === 'string' ? [image] : undefined;
});

/** All Linodes that the caller sees and that match the filter: one call per 500. */
export const getLinodes = (
  linode: LinodeReads,
  xFilter: string | undefined,
  terms: CallTerms,
): Promise<LinodeList<LinodeLinode>> =>
  readAllPages(
    (page) =>
      linode.read(
        {
          kind: 'other',
          path: `/linode/instances?page=${page}&page_size=${MAX_PAGE_SIZE}`,
          needsToken: true,
          shape: linodesPage,
          ...(xFilter !== undefined && { xFilter }),
        },
        terms,
      ),
    ({ id }) => id,
  );

/** @throws {LinodeRefused} 404: the caller sees no such Linode */
export const getLinode = (linode: LinodeReads, id: number, terms: CallTerms): Promise<LinodeLinode> =>
  linode.read(
    { kind: 'other', path: `/linode/instances/${id}`, needsToken: true, shape: linodeLinode },
    terms,
  );
