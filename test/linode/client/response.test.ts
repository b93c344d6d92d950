import { describe, expect, it } from '@jest/globals';
import { bodyOf } from '../../../src/linode/client/response.js';
import {
  LinodeForbidden,
  LinodeInvalidResponse,
  LinodeRateLimited,
  LinodeRefused,
  LinodeTimeout,
  LinodeUnauthenticated,
  LinodeUnavailable,
} from '../../../src/linode/errors.js';

const NGINX = '<html><head><title>400 Bad Request</title></head><body>nginx</body></html>';
const envelope = (reason: string): string => JSON.stringify({ errors: [{ reason }] });

function read(method: 'GET' | 'POST', status: number, body: string, type = 'application/json'): unknown {
  const request = {
    method,
    path: '/images?page=1',
    headers: {},
    deadlineAt: 0,
    signal: new AbortController().signal,
  };
  try {
    return bodyOf(request, { status, headers: { 'content-type': type }, body }, 7000);
  } catch (error) {
    return error;
  }
}

describe('a 4xx', () => {
  it.each([400, 401, 403, 404, 405, 413, 421, 451])(
    '%i without Linode’s error envelope is an upstream failure, whatever the body',
    (status) => {
      for (const body of [
        '',
        NGINX,
        '{}',
        '[]',
        'null',
        '{"errors":[]}',
        '{"errors":"Bad"}',
        '{"errors":[{}]}',
        '{"errors":[',
      ]) {
        for (const type of ['text/html', 'application/json']) {
          const error = read('GET', status, body, type);
          expect(error).toBeInstanceOf(LinodeUnavailable);
          expect(error).toMatchObject({ status, isWorthRetry: true, outcomeUnknown: false, reasons: [] });
          expect(read('POST', status, body, type)).toMatchObject({ status, outcomeUnknown: true });
        }
      }
    },
  );

  it.each([
    [400, 'Bad', LinodeRefused],
    [401, 'Invalid Token', LinodeUnauthenticated],
    [401, 'Your OAuth token is not authorized to use this endpoint.', LinodeForbidden],
    [403, 'Unauthorized', LinodeForbidden],
    [404, 'Not found', LinodeRefused],
  ])('%i with it is Linode’s word: %s', (status, reason, type) => {
    const error = read('POST', status, envelope(reason));
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status, outcomeUnknown: false, reasons: [{ reason }] });
  });

  it.each([
    [408, LinodeTimeout],
    [429, LinodeRateLimited],
  ])('%i is the same with and without it', (status, type) => {
    for (const body of [NGINX, envelope('Too many requests')]) {
      expect(read('GET', status, body, 'text/html')).toBeInstanceOf(type);
    }
  });
});

describe('a 2xx', () => {
  it('of 204 has no body, and counts as null', () => {
    expect(read('POST', 204, '', '')).toBe('null');
  });

  it.each([
    [200, '', 'application/json', ''],
    [200, '{}', 'application/json', '{}'],
    [201, '{}', 'application/vnd.api+json; charset=utf-8', '{}'],
  ])('%i: "%s" as %s', (status, body, type, expected) => {
    expect(read('GET', status, body, type)).toBe(expected);
  });

  it.each(['text/html', 'text/plain', ''])('of type "%s" is invalid', (type) => {
    expect(read('GET', 200, '{}', type)).toBeInstanceOf(LinodeInvalidResponse);
  });
});

it.each([301, 304])('%i is invalid', (status) => {
  expect(read('GET', status, '')).toBeInstanceOf(LinodeInvalidResponse);
});
