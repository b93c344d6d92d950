/** Every field of `Image` that the Images API returns. */
export const IMAGE_FIELDS = `
  __typename id label description created updated createdBy isPublic deprecated size type status
  capabilities vendor expiry eol uploadExpiresAt
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
}

/** What the schema promises of such an image, said once more and apart from the gateway's own code. */
export function expectedImage(wire: WireImage): Record<string, unknown> {
  const zoned = (time: string | null) => (time === null ? null : `${time}Z`);
  const { description, eol } = wire;
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
  };
}
