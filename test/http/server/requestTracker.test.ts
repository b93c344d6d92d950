import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { routeOf } from '../../../src/http/server/requestRecord.js';
import { startStack } from '../../support/stack.js';

/** The files of `src/` that listen for the end of a response, each as often as it does. */
function recordCloseListeners(res: ServerResponse, files: string[]): void {
  const on = res.on.bind(res);
  res.on = ((event: string, listener: (...args: unknown[]) => void) => {
    if (event === 'close') {
      const frames = (new Error().stack ?? '').split('\n').slice(2);
      const caller = frames.find((frame) => !frame.includes('node:')) ?? '';
      const file = /\/src\/([^:]+):/.exec(caller)?.[1];
      if (file !== undefined) files.push(file);
    }
    return on(event, listener);
  }) as typeof res.on;
}

describe('a request', () => {
  it('has one listener of ours for the end of its response, whichever way it goes', async () => {
    const { gateway } = await startStack();
    const files: string[] = [];
    gateway.server.prependListener('request', (_, res: ServerResponse) => recordCloseListeners(res, files));
    for (let i = 1; i <= 4; i++) {
      await gateway.ask('{ images { totalCount } }', { token: 'alice-full' });
      expect(files).toEqual(Array<string>(i).fill('http/server/requestTracker.ts'));
    }
  });

  it.each([
    ['/graphql', 'graphql'],
    ['/graphql?query={__typename}', 'graphql'],
    ['/GraphQL/', 'graphql'],
    ['http://gateway:4000/graphql?x', 'graphql'],
    ['HTTPS://gateway/GRAPHQL#a', 'graphql'],
    ['/graphql#?/health/', 'graphql'],
    ['/graphqlx', 'other'],
    ['/health/live', 'health'],
    ['http://gateway/health/ready', 'health'],
    ['/metrics?x=/graphql', 'metrics'],
    ['/', 'page'],
    ['/graphiql/assets/index.js', 'page'],
    ['*', 'other'],
    ['//graphql', 'other'],
  ])('for %s is on the route %s', (url, route) => {
    expect(routeOf(url)).toBe(route);
  });
});
