import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config/readConfig.js';
import { withoutBasePath } from '../../../src/http/server/basePath.js';
import { startStack } from '../../support/stack.js';

describe('BASE_PATH', () => {
  it.each([
    ['/images/graphql?query={a}', '/graphql?query={a}'],
    ['/images/', '/'],
    ['/images/images/graphql', '/images/graphql'],
    ['/graphql', '/graphql'],
    ['/images-graphql', '/images-graphql'],
    ['/images', '/images'],
    ['http://gateway.example/images/graphql', 'http://gateway.example/graphql'],
    ['*', '*'],
  ])('makes %s to %s', (url, expected) => {
    expect(withoutBasePath(url, '/images')).toBe(expected);
  });

  it.each(['images', '/images/', '/a//b', '/a b', '/a?b'])('must not be %j', (value) => {
    expect(() => readConfig({ BASE_PATH: value })).toThrow(/^BASE_PATH must be a path|BASE_PATH must/m);
  });

  it('is in front of every path of the gateway, from the cache too, and can be missing', async () => {
    const { gateway } = await startStack({ gateway: { basePath: '/a/b' } });
    const { origin } = new URL(gateway.url);
    const query = `graphql?query=${encodeURIComponent('{ images(first: 1) { totalCount } }')}`;
    const headers = { 'apollo-require-preflight': '1' };
    for (const path of ['/a/b/', '/']) {
      for (let i = 0; i < 3; i++) {
        const response = await fetch(`${origin}${path}${query}`, { headers });
        expect(await response.json()).toMatchObject({ data: { images: {} } });
      }
      expect((await fetch(`${origin}${path}health/live`)).status).toBe(200);
      expect((await fetch(`${origin}${path}schema.graphql`)).status).toBe(200);
    }
    expect((await fetch(`${origin}/a/${query}`, { headers })).status).toBe(404);
    expect(new Set(gateway.requests.map(({ route }) => route))).toContain('graphql');
  });
});
