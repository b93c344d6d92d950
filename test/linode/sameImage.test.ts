import { describe, expect, it } from '@jest/globals';
import { sameImage } from '../../src/linode/sameImage.js';
import type { LinodeImage } from '../../src/linode/images.js';

const image: LinodeImage = {
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
};

describe('two copies of an image', () => {
  it('are the same when all that they say is', () => {
    expect(sameImage(image, structuredClone(image))).toBe(true);
  });

  it.each(Object.keys(image))('differ by their %s', (key) => {
    expect(sameImage(image, { ...image, [key]: 'another' })).toBe(false);
  });

  it.each([[[]], [['distributed-sites']], [['cloud-init', 'distributed-sites']]])(
    'differ by capabilities %j',
    (capabilities) => {
      expect(sameImage(image, { ...image, capabilities })).toBe(false);
    },
  );
});
