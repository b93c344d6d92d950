/** An image as sent. `type` and `status` are plain strings, so that tests can send unknown values. */
export interface SandboxImage {
  id: string;
  label: string;
  description: string | null;
  created: string;
  updated: string | null;
  /** MB; 0 while pending_upload, the size of the disk while creating. */
  size: number;
  created_by: string | null;
  type: string;
  is_public: boolean;
  deprecated: boolean;
  vendor: string | null;
  expiry: string | null;
  eol: string | null;
  status: string;
  capabilities: string[];
  /** Sorted. */
  tags: string[];
  /** Where the image is stored: [] until it is available, null on public images. */
  regions: SandboxImageRegion[] | null;
  /** MB in all available regions together; missing on public images. */
  total_size?: number;
  /** null on images shared by another account. */
  is_shared: boolean | null;
  /** null on public images. */
  image_sharing: SandboxImageSharing | null;
}

export interface SandboxImageRegion {
  region: string;
  /** `available`, `creating`, `pending`, `pending deletion`, `pending replication`, `replicating`, `timedout`. */
  status: string;
}

export interface SandboxImageSharing {
  shared_with: { sharegroup_count: number; sharegroup_list_url: string } | null;
  shared_by: {
    sharegroup_id: number;
    sharegroup_uuid: string;
    sharegroup_label: string;
    /** null for members of the group. */
    source_image_id: string | null;
  } | null;
}

export interface SandboxRegion {
  id: string;
  label: string;
  country: string;
  capabilities: string[];
  status: string;
  /** Comma-separated strings, not arrays. */
  resolvers: { ipv4: string; ipv6: string };
  /** `core` or `distributed`. */
  site_type: string;
  placement_group_limits: {
    maximum_pgs_per_customer: number | null;
    maximum_linodes_per_pg: number;
    maximum_linodes_per_flexible_pg: number;
  };
  monitors: { alerts: string[]; metrics: string[] };
}

export interface SandboxLinode {
  id: number;
  label: string;
  group: string;
  status: string;
  created: string;
  updated: string;
  type: string | null;
  ipv4: string[];
  ipv6: string | null;
  image: string | null;
  region: string;
  specs: { disk: number; memory: number; vcpus: number; gpus: number; transfer: number };
  alerts: { cpu: number; network_in: number; network_out: number; transfer_quota: number; io: number };
  backups: {
    enabled: boolean;
    available: boolean;
    schedule: { day: string | null; window: string | null };
    last_successful: string | null;
  };
  hypervisor: string;
  watchdog_enabled: boolean;
  tags: string[];
  host_uuid: string;
  has_user_data: boolean;
  site_type: string;
  placement_group: null;
  disk_encryption: string;
  lke_cluster_id: number | null;
  capabilities: string[];
  interface_generation: string;
  maintenance_policy: string;
  locks: string[];
}

export interface SandboxDisk {
  id: number;
  status: string;
  label: string;
  created: string;
  updated: string;
  filesystem: string;
  /** MB. */
  size: number;
  disk_encryption: string;
}

export interface SandboxUser {
  username: string;
  email: string;
  restricted: boolean;
  ssh_keys: string[];
  tfa_enabled: boolean;
  verified_phone_number: string | null;
  password_created: string | null;
  last_login: { login_datetime: string; status: string } | null;
  user_type: string;
}

export interface EventEntity {
  /** The number of a private image, the whole ID of a public one. */
  id: number | string;
  label: string;
  type: string;
  url: string;
}

export interface SandboxEvent {
  id: number;
  created: string;
  seen: boolean;
  read: boolean;
  /** null on notifications. */
  percent_complete: number | null;
  time_remaining: number | string | null;
  rate: string | null;
  /** Seconds. */
  duration: number | null;
  action: string;
  username: string | null;
  entity: EventEntity | null;
  status: string;
  secondary_entity: EventEntity | null;
  message: string;
}

export type Permission = 'read_only' | 'read_write';

/** Permissions of a restricted user; the keys of `images` are bare numbers. */
export interface SandboxGrants {
  add_images?: boolean;
  add_linodes?: boolean;
  images?: Record<number, Permission>;
  linodes?: Record<number, Permission>;
}
