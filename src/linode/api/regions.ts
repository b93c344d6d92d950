import { z } from 'zod';
import type { CallTerms, LinodeReads } from '../client/client.js';
import { MAX_PAGE_SIZE, pageOf } from './page.js';
import { texts } from '../shapes.js';

/** A region as Linode sends it. */
export interface LinodeRegion {
  /** Its slug: `us-east`. */
  id: string;
  label: string;
  country: string;
  /** `ok` or `outage` */
  status: string;
  capabilities: string[];
}

const linodeRegion: z.ZodType<LinodeRegion> = z.object({
  id: z.string().min(1),
  label: z.string(),
  country: z.string(),
  status: z.string(),
  capabilities: texts,
});

const regionsPage = pageOf(linodeRegion);

/** All regions: some tens, the same for everybody, and no token is needed. */
export const getRegions = async (linode: LinodeReads, terms: CallTerms): Promise<LinodeRegion[]> => {
  const path = `/regions?page_size=${MAX_PAGE_SIZE}`;
  const { data } = await linode.read({ kind: 'other', path, shape: regionsPage }, terms);
  return data;
};
