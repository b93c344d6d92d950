import type { ApiVersion } from './apiVersion.js';
import type { SandboxRegion } from './wire.js';

const CORE = ['Linodes', 'NodeBalancers', 'Block Storage', 'Kubernetes', 'Cloud Firewall', 'Vlans'];
const OLDER = [...CORE, 'Block Storage Migrations', 'Managed Databases'];
const OLDER_WITH_STORAGE = [...OLDER, 'Object Storage'];
const NEWER = [...CORE, 'Object Storage', 'VPCs', 'Metadata', 'Premium Plans'];

type Row = [id: string, label: string, country: string, capabilities: string[], siteType?: string];

const ROWS: Row[] = [
  ['ap-west', 'Mumbai, IN', 'in', OLDER],
  ['ca-central', 'Toronto, CA', 'ca', OLDER],
  ['ap-southeast', 'Sydney, AU', 'au', OLDER],
  ['us-iad', 'Washington, DC', 'us', NEWER],
  ['us-ord', 'Chicago, IL', 'us', NEWER],
  ['fr-par', 'Paris, FR', 'fr', NEWER],
  ['us-sea', 'Seattle, WA', 'us', NEWER],
  ['br-gru', 'Sao Paulo, BR', 'br', NEWER],
  ['nl-ams', 'Amsterdam, NL', 'nl', NEWER],
  ['se-sto', 'Stockholm, SE', 'se', NEWER],
  ['es-mad', 'Madrid, ES', 'es', NEWER],
  ['in-maa', 'Chennai, IN', 'in', NEWER],
  ['jp-osa', 'Osaka, JP', 'jp', NEWER],
  ['it-mil', 'Milan, IT', 'it', NEWER],
  ['us-mia', 'Miami, FL', 'us', NEWER],
  ['id-cgk', 'Jakarta, ID', 'id', NEWER],
  ['us-lax', 'Los Angeles, CA', 'us', NEWER],
  ['us-central', 'Dallas, TX', 'us', OLDER],
  ['us-west', 'Fremont, CA', 'us', OLDER],
  ['us-southeast', 'Atlanta, GA', 'us', OLDER_WITH_STORAGE],
  ['us-east', 'Newark, NJ', 'us', OLDER_WITH_STORAGE],
  ['eu-west', 'London, UK', 'gb', OLDER],
  ['ap-south', 'Singapore, SG', 'sg', OLDER_WITH_STORAGE],
  ['eu-central', 'Frankfurt, DE', 'de', OLDER_WITH_STORAGE],
  ['ap-northeast', 'Tokyo, JP', 'jp', OLDER],
];

/** Regions that opened after 4.176, and a distributed one. */
const LATER_ROWS: Row[] = [
  ['gb-lon', 'London 2, UK', 'gb', NEWER],
  ['au-mel', 'Melbourne, AU', 'au', NEWER],
  ['sg-sin-2', 'Singapore 2, SG', 'sg', NEWER],
  ['jp-tyo-3', 'Tokyo 3, JP', 'jp', NEWER],
  ['us-den-1', 'Denver, CO', 'us', ['Linodes', 'Cloud Firewall', 'Distributed Plans'], 'distributed'],
];

/** Regions that have Object Storage but store no images; Cloud Manager has the same list. */
const WITHOUT_IMAGES = new Set(['gb-lon', 'au-mel', 'sg-sin-2', 'jp-tyo-3']);

/** The regions of a version. Addresses are from the documentation ranges of RFC 5737 and RFC 3849. */
export function regionsOf(version: ApiVersion): SandboxRegion[] {
  const rows = version === 'latest' ? [...ROWS, ...LATER_ROWS] : ROWS;
  return rows.map(([id, label, country, capabilities, siteType = 'core'], index) => ({
    id,
    label,
    country,
    // London got Object Storage after 4.176.
    capabilities: id === 'eu-west' && version === 'latest' ? OLDER_WITH_STORAGE : capabilities,
    status: 'ok',
    resolvers: {
      ipv4: [5, 6, 7].map((last) => `192.0.2.${index * 8 + last}`).join(', '),
      ipv6: [5, 6, 7].map((last) => `2001:db8:${index}::${last}`).join(', '),
    },
    site_type: siteType,
    placement_group_limits: {
      maximum_pgs_per_customer: 100,
      maximum_linodes_per_pg: 5,
      maximum_linodes_per_flexible_pg: 5,
    },
    monitors: { alerts: ['Managed Databases'], metrics: ['Managed Databases'] },
  }));
}

/** Where a capture in a region is stored: there, or in a region with storage, of the same country if possible. */
export function nearestStorage(regions: readonly SandboxRegion[], id: string): string {
  const home = regions.find((each) => each.id === id);
  if (storesImages(home)) return id;
  const others = regions.filter(storesImages);
  const nearest = others.find((each) => each.country === home?.country) ?? others[0];
  return nearest?.id ?? id;
}

/** Whether images can be uploaded and replicated to a region: core regions with Object Storage, with exceptions. */
export function storesImages(region: SandboxRegion | undefined): boolean {
  return (
    region?.site_type === 'core' &&
    region.capabilities.includes('Object Storage') &&
    !WITHOUT_IMAGES.has(region.id)
  );
}
