import { z } from 'zod';
import type { CallTerms, LinodeReads } from '../client/client.js';
import { MAX_PAGE_SIZE, pageOf } from './page.js';
import { megabytes, nullableText, nullableTime } from '../shapes.js';

/** A Linode's disk as Linode sends it. */
export interface LinodeDisk {
  id: number;
  label: string;
  /** `ready`, `not ready` (with the space) or `deleting` */
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
 * All disks of a Linode, which never has a page full of them. A disk can't be looked up without its Linode.
 * @throws {LinodeRefused} 404: there is no such Linode that the caller may see
 */
export const getDisks = async (
  linode: LinodeReads,
  linodeId: number,
  terms: CallTerms,
): Promise<LinodeDisk[]> => {
  const path = `/linode/instances/${linodeId}/disks?page_size=${MAX_PAGE_SIZE}`;
  const { data } = await linode.read({ kind: 'other', path, needsToken: true, shape: disksPage }, terms);
  return data;
};
