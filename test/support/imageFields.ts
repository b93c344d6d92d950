/** Every field of `Image` that the Images API returns. */
export const IMAGE_FIELDS = `
  __typename id label description created updated createdBy isPublic deprecated size type status
  capabilities vendor expiry eol uploadExpiresAt
  tags totalSize regions { __typename regionId status } isShared shareGroupCount
  sharedBy { __typename shareGroupUuid shareGroupLabel sourceImageId }
`;

/** An image as the wire says it; keys may be more, or fewer. */
export interface WireImage {
  id: string;
  label: string;
  description: string | null;
  created: string;
  updated: string | null;
  created_by: string | null;
  is_public: boolean;
  deprecated: boolean;
  size: number;
  type: string;
  status: string;
  capabilities: string[];
  vendor: string | null;
  expiry: string | null;
  eol: string | null;
  /** The following are missing in v4.176, and some on public images. */
  tags?: string[];
  total_size?: number;
  regions?: { region: string; status: string }[] | null;
  is_shared?: boolean | string | null;
  image_sharing?: {
    shared_with: { sharegroup_count: number } | null;
    shared_by: {
      sharegroup_uuid: string;
      sharegroup_label: string;
      source_image_id: string | null;
    } | null;
  } | null;
}

const REGION_STATUSES: Record<string, string> = {
  available: 'AVAILABLE',
  creating: 'CREATING',
  pending: 'PENDING',
  'pending deletion': 'PENDING_DELETION',
  'pending replication': 'PENDING_REPLICATION',
  replicating: 'REPLICATING',
  timedout: 'TIMED_OUT',
};

/** What the schema promises of such an image, said once more and apart from the gateway's own code. */
export function expectedImage(wire: WireImage): Record<string, unknown> {
  const zoned = (time: string | null) => (time === null ? null : `${time}Z`);
  const { description, eol } = wire;
  const count = wire.image_sharing?.shared_with?.sharegroup_count;
  const by = wire.image_sharing?.shared_by;
  const tomorrow = new Date(Date.parse(`${wire.created}Z`) + 86_400_000);
  return {
    __typename: 'Image',
    id: wire.id,
    label: wire.label,
    description: description === null || ['', ' '].includes(description) ? null : description,
    created: zoned(wire.created),
    updated: zoned(wire.updated),
    createdBy: wire.created_by,
    isPublic: wire.is_public,
    deprecated: wire.deprecated,
    size: wire.size,
    type: wire.type.toUpperCase(),
    status: wire.status.toUpperCase(),
    capabilities: wire.capabilities,
    vendor: wire.vendor,
    expiry: zoned(wire.expiry),
    eol: eol?.startsWith('1970-01-01') ? null : zoned(eol),
    uploadExpiresAt: wire.status === 'pending_upload' ? `${tomorrow.toISOString().slice(0, 19)}Z` : null,
    tags: wire.tags ?? [],
    totalSize: wire.total_size ?? null,
    regions:
      wire.regions?.map(({ region, status }) => ({
        __typename: 'ImageRegion',
        regionId: region,
        status: REGION_STATUSES[status] ?? 'UNKNOWN',
      })) ?? null,
    isShared: count === undefined ? null : count > 0,
    shareGroupCount: count ?? null,
    sharedBy: by
      ? {
          __typename: 'ImageSharedBy',
          shareGroupUuid: by.sharegroup_uuid,
          shareGroupLabel: by.sharegroup_label,
          sourceImageId: by.source_image_id,
        }
      : null,
  };
}
