import type { Linode, LinodeStatus } from '../../generated/schema.js';
import type { LinodeLinode } from '../../linode/api/linodes.js';
import { globalId } from './globalId.js';
import { toDateTime, toOptionalDateTime } from './linodeTime.js';
import { enumValueOf } from './enumValues.js';

/** The fields of a Linode that have resolvers; see resolvers/linode.ts. */
export type LinodeEdge = 'region' | 'image' | 'disks';

/** A Linode in the schema's words, without its edges. */
export interface FullLinode extends Required<Omit<Linode, LinodeEdge>> {
  regionSlug: string;
}

/** The part of a Linode that an event contains: enough if no other field is selected. */
export type LinodeMention = Pick<FullLinode, '__typename' | 'id' | 'linodeId' | 'label'>;

export type LinodeModel = FullLinode | LinodeMention;

const STATUSES: Record<string, LinodeStatus> = {
  running: 'RUNNING',
  offline: 'OFFLINE',
  booting: 'BOOTING',
  rebooting: 'REBOOTING',
  shutting_down: 'SHUTTING_DOWN',
  provisioning: 'PROVISIONING',
  deleting: 'DELETING',
  migrating: 'MIGRATING',
  rebuilding: 'REBUILDING',
  cloning: 'CLONING',
  restoring: 'RESTORING',
  stopped: 'STOPPED',
  billing_suspension: 'BILLING_SUSPENSION',
};

export const toLinode = (linode: LinodeLinode): FullLinode => ({
  ...mentionLinode(String(linode.id), linode.label),
  status: enumValueOf(STATUSES, linode.status),
  typeId: linode.type,
  regionSlug: linode.region,
  imageId: linode.image === '' ? null : linode.image,
  tags: linode.tags,
  created: toDateTime(linode.created),
  updated: toOptionalDateTime(linode.updated),
});

export const mentionLinode = (linodeId: string, label: string): LinodeMention => ({
  __typename: 'Linode',
  id: globalId.linode(linodeId),
  linodeId,
  label,
});

/** The fields of a `LinodeMention`. */
export const MENTIONED: readonly string[] = ['__typename', 'id', 'linodeId', 'label'];
