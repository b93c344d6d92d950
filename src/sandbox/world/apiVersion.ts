import type { SandboxDisk, SandboxImage, SandboxLinode, SandboxRegion, SandboxUser } from './wire.js';

/** `4.176` is the API of May 2024; `latest` has tags, replication and shared images. */
export type ApiVersion = 'latest' | '4.176';

export const API_VERSIONS: readonly ApiVersion[] = ['latest', '4.176'];

/** The X-Spec-Version header. */
export const SPEC_VERSIONS: Readonly<Record<ApiVersion, string>> = {
  latest: '4.208.1',
  '4.176': '4.176.0',
};

interface Rows {
  image: SandboxImage;
  region: SandboxRegion;
  linode: SandboxLinode;
  disk: SandboxDisk;
  user: SandboxUser;
}

type OmittedKeys = { [K in keyof Rows]: readonly (keyof Rows[K])[] };

/** Keys that a version does not have. */
const OMITTED_KEYS: Readonly<Record<ApiVersion, OmittedKeys>> = {
  latest: { image: [], region: [], linode: [], disk: [], user: ['ssh_keys', 'verified_phone_number'] },
  '4.176': {
    image: ['tags', 'regions', 'total_size', 'is_shared', 'image_sharing'],
    region: ['site_type', 'placement_group_limits', 'monitors'],
    linode: [
      'site_type',
      'placement_group',
      'disk_encryption',
      'lke_cluster_id',
      'capabilities',
      'interface_generation',
      'maintenance_policy',
      'locks',
    ],
    disk: ['disk_encryption'],
    user: ['user_type'],
  },
};

/** The row as this version of the API sends it. */
export function rowInVersion<K extends keyof Rows>(version: ApiVersion, kind: K, row: Rows[K]): Rows[K] {
  const omitted: ReadonlySet<string> = new Set(OMITTED_KEYS[version][kind] as readonly string[]);
  if (omitted.size === 0) return row;
  const entries = Object.entries(row).filter(([key]) => !omitted.has(key));
  return Object.fromEntries(entries) as unknown as Rows[K];
}
