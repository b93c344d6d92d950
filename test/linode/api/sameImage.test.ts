import { describe, expect, it } from '@jest/globals';
import { sameImage } from '../../../src/linode/api/sameImage.js';
import { wireImage } from '../../support/wireImage.js';

const image = wireImage();

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
