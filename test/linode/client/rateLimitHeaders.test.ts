import { expect, it } from '@jest/globals';
import { retryAfterMs } from '../../../src/linode/client/rateLimitHeaders.js';

const date = 'Mon, 20 May 2024 12:00:00 GMT';

it.each([
  ['5', 5000],
  ['0', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['', undefined],
  ['Mon, 20 May 2024 12:00:09 GMT', 9000],
  ['Mon, 20 May 2024 11:59:00 GMT', undefined],
])('a Retry-After of "%s" is %s ms', (value, expected) => {
  expect(retryAfterMs({ 'retry-after': value, date })).toBe(expected);
});
