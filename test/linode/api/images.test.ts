import { describe, expect, it } from '@jest/globals';
import { canonicalImage, isSameImage } from '../../../src/linode/api/images.js';
import { knownImages } from '../../support/knownImages.js';
import { wireImage } from '../../support/wireImage.js';

const image = wireImage();

describe('two copies of an image', () => {
  it('are the same when all their fields are', () => {
    expect(isSameImage(image, structuredClone(image))).toBe(true);
  });

  it.each(Object.keys(image))('differ by their %s', (key) => {
    expect(isSameImage(image, { ...image, [key]: 'another' })).toBe(false);
  });

  it.each<[string, object]>([
    ['no capabilities', { capabilities: [] }],
    ['another capability', { capabilities: ['distributed-sites'] }],
    ['one capability more', { capabilities: ['cloud-init', 'distributed-sites'] }],
    ['no regions', { regions: null }],
    ['a region fewer', { regions: [{ region: 'us-east', status: 'available' }] }],
    [
      'the status of a region',
      {
        regions: [
          { region: 'us-east', status: 'available' },
          { region: 'eu-west', status: 'available' },
        ],
      },
    ],
    [
      'the count of share groups',
      { image_sharing: { shared_with: { sharegroup_count: 0 }, shared_by: null } },
    ],
    ['not being shared', { image_sharing: null }],
  ])('differ by %s', (_, change) => {
    expect(isSameImage(image, { ...image, ...change })).toBe(false);
    expect(isSameImage({ ...image, ...change }, image)).toBe(false);
  });

  it('become one object, and a changed one is known from then on', () => {
    const known = knownImages([image]);
    expect(canonicalImage(structuredClone(image), known)).toBe(image);
    const renamed = wireImage({ label: 'renamed' });
    expect(canonicalImage(renamed, known)).toBe(renamed);
    expect(canonicalImage(wireImage({ label: 'renamed' }), known)).toBe(renamed);
  });
});
