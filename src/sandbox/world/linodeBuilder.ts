import { toWireDate } from './dates.js';
import type { SandboxDisk, SandboxLinode } from './wire.js';
import type { LinodeRecord } from './world.js';

const SWAP_MB = 512;

/** A Linode with two disks, with defaults for missing fields. Disk IDs derive from the Linode's ID. */
export function buildLinode(id: number, nowMs: number, given: Partial<SandboxLinode> = {}): LinodeRecord {
  const created = given.created ?? toWireDate(nowMs);
  const disk = given.specs?.disk ?? 25_600;
  const linode: SandboxLinode = {
    id,
    label: `linode${id}`,
    group: '',
    status: 'running',
    created,
    updated: created,
    type: 'g6-nanode-1',
    ipv4: [`198.51.100.${id % 256}`],
    ipv6: `2001:db8::f03c:93ff:fe${(id % 65_536).toString(16)}/128`,
    image: 'linode/debian12',
    region: 'us-east',
    specs: { disk, memory: 1024, vcpus: 1, gpus: 0, transfer: 1000 },
    alerts: { cpu: 90, network_in: 10, network_out: 10, transfer_quota: 80, io: 10_000 },
    backups: {
      enabled: false,
      available: false,
      schedule: { day: null, window: null },
      last_successful: null,
    },
    hypervisor: 'kvm',
    watchdog_enabled: true,
    tags: [],
    host_uuid: (id * 2_654_435_761).toString(16).padStart(40, 'a3').slice(0, 40),
    has_user_data: false,
    site_type: 'core',
    placement_group: null,
    disk_encryption: 'enabled',
    lke_cluster_id: null,
    capabilities: [],
    interface_generation: 'legacy_config',
    maintenance_policy: 'linode/migrate',
    locks: [],
    ...given,
  };
  const label = `${linode.label} Disk`;
  return {
    linode,
    disks: [buildDisk(id * 2, label, 'ext4', disk - SWAP_MB, created), swap(id * 2 + 1, created)],
  };
}

function swap(id: number, created: string): SandboxDisk {
  return buildDisk(id, '512 MB Swap Image', 'swap', SWAP_MB, created);
}

function buildDisk(
  id: number,
  label: string,
  filesystem: string,
  size: number,
  created: string,
): SandboxDisk {
  return {
    id,
    status: 'ready',
    label,
    created,
    updated: created,
    filesystem,
    size,
    disk_encryption: 'enabled',
  };
}
