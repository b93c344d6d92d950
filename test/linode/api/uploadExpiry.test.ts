import { expect, it } from '@jest/globals';
import { uploadExpiresAtMs } from '../../../src/linode/api/uploadExpiry.js';

const BUCKET = 'https://us-east-1.linodeobjects.com:443/uploads/26427080';
const at = (text: string): number => Date.parse(text);

it.each<[string, number | undefined]>([
  ['?Signature=a%3D&Expires=1722014026&AWSAccessKeyID=b', 1_722_014_026_000],
  [
    '?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2Fb&X-Amz-Date=20240520T120000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=c',
    at('2024-05-21T12:00:00Z'),
  ],
  ['?X-Amz-Expires=3600&X-Amz-Date=20240229T233000Z', at('2024-03-01T00:30:00Z')],
  ['?x-amz-expires=3600&x-amz-date=20240520T120000Z', at('2024-05-20T13:00:00Z')],
  ['?X-Amz-Date=20240520T120000Z', undefined],
  ['?X-Amz-Expires=86400', undefined],
  ['?X-Amz-Date=20241320T120000Z&X-Amz-Expires=86400', undefined],
  ['?X-Amz-Date=2024-05-20T12:00:00Z&X-Amz-Expires=86400', undefined],
  ['?X-Amz-Date=20240520T120000Z&X-Amz-Expires=0', undefined],
  ['?X-Amz-Date=20240520T120000Z&X-Amz-Expires=-1', undefined],
  ['?X-Amz-Date=20240520T120000Z&X-Amz-Expires=604801', undefined],
  ['?Expires=soon', undefined],
  ['?NotExpires=1722014026', undefined],
  ['', undefined],
])('%s', (query, expected) => {
  expect(uploadExpiresAtMs(BUCKET + query)).toBe(expected);
});

it('a text that is no URL has no expiry', () => {
  expect(uploadExpiresAtMs('upload here?Expires=1722014026')).toBeUndefined();
});
