import { z } from 'zod';
import type { CallTerms, LinodeReads } from '../client/client.js';
import { MAX_PAGE_SIZE, pageOf, type LinodeList } from './page.js';
import { nullableText, texts } from '../shapes.js';

/** A region. Source: GET /regions. */
export interface LinodeRegion {
  /** Its slug: `us-east`. */
  id: string;
  label: string;
  country: string;
  /** `ok` or `outage`. */
  status: string;
  capabilities: string[];
  /** `core` or `distributed`; null in v4.176. */
  site_type: string | null;
}

const linodeRegion: z.ZodType<LinodeRegion> = z.object({
  id: z.string().min(1),
  label: z.string(),
  country: z.string(),
  status: z.string(),
  capabilities: texts,
  site_type: nullableText,
});

const regionsPage = pageOf(linodeRegion);

/** All regions: some tens, the same for every caller. No token is needed. */
export const getRegions = async (
  linode: LinodeReads,
  terms: CallTerms,
): Promise<LinodeList<LinodeRegion>> => {
  const path = `/regions?page_size=${MAX_PAGE_SIZE}`;
  const { data, unreadable } = await linode.read({ kind: 'other', path, shape: regionsPage }, terms);
  return { rows: data, unreadable };
};
