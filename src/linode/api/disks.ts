import { z } from 'zod';
import type { CallTerms, LinodeReads } from '../client/client.js';
import { MAX_PAGE_SIZE, pageOf, type LinodeList } from './page.js';
import { megabytes, nullableText, nullableTime } from '../shapes.js';

/** A Linode's disk. Source: GET /linode/instances/{id}/disks. */
export interface LinodeDisk {
  id: number;
  label: string;
  /** `ready`, `not ready` (with the space) or `deleting`. */
  status: string;
  /** MB */
  size: number;
  filesystem: string | null;
  created: string | null;
  updated: string | null;
}

const linodeDisk: z.ZodType<LinodeDisk> = z.object({
  id: z.int().min(1),
  label: z.string(),
  status: z.string(),
  size: megabytes,
  filesystem: nullableText,
  created: nullableTime,
  updated: nullableTime,
});

const disksPage = pageOf(linodeDisk);

/**
 * All disks of a Linode, which fit one page. A disk can only be looked up through its Linode.
 * @throws {LinodeRefused} 404: the caller sees no such Linode
 */
export const getDisks = async (
  linode: LinodeReads,
  linodeId: number,
  terms: CallTerms,
): Promise<LinodeList<LinodeDisk>> => {
  const path = `/linode/instances/${linodeId}/disks?page_size=${MAX_PAGE_SIZE}`;
  const { data, unreadable } = await linode.read(
    { kind: 'other', path, needsToken: true, shape: disksPage },
    terms,
  );
  return { rows: data, unreadable };
};
