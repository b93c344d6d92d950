import type { LinodeImage } from '../../src/linode/api/images.js';

/** A private image as Linode sends it, with all keys that are known of it. */
export const wireImage = (changes: Partial<LinodeImage> = {}): LinodeImage => ({
  id: 'private/7',
  label: 'seven',
  description: null,
  created: '2024-05-20T12:00:00',
  updated: null,
  created_by: 'alice',
  is_public: false,
  deprecated: false,
  size: 2500,
  type: 'manual',
  status: 'available',
  capabilities: ['cloud-init'],
  vendor: null,
  expiry: null,
  eol: null,
  tags: ['db'],
  total_size: 5000,
  regions: [
    { region: 'us-east', status: 'available' },
    { region: 'eu-west', status: 'pending replication' },
  ],
  is_shared: true,
  image_sharing: { shared_with: { sharegroup_count: 1 }, shared_by: null },
  ...changes,
});
