import type { SandboxRegion } from './wire.js';

const CORE = ['Linodes', 'NodeBalancers', 'Block Storage', 'Kubernetes', 'Cloud Firewall', 'Vlans'];
const OLDER = [...CORE, 'Block Storage Migrations', 'Managed Databases'];
const OLDER_WITH_STORAGE = [...OLDER, 'Object Storage'];
const NEWER = [...CORE, 'Object Storage', 'VPCs', 'Metadata', 'Premium Plans'];

const ROWS: [id: string, label: string, country: string, capabilities: string[]][] = [
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

/** The addresses are from the documentation ranges of RFC 5737 and RFC 3849. */
export const REGIONS: readonly SandboxRegion[] = ROWS.map(([id, label, country, capabilities], index) => ({
  id,
  label,
  country,
  capabilities,
  status: 'ok',
  resolvers: {
    ipv4: [5, 6, 7].map((last) => `192.0.2.${index * 10 + last}`).join(', '),
    ipv6: [5, 6, 7].map((last) => `2001:db8:${index}::${last}`).join(', '),
  },
}));
