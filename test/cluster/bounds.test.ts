import { describe, expect, it } from '@jest/globals';
import { workerStack } from '../support/workerGateways.js';

const stack = workerStack();

const IMAGES = '{ images { totalCount } }';

describe('what a worker holds', () => {
  const usage = () => stack.gateways[0].catalogs.usage;

  it('is weighed, for each caller that has come', async () => {
    await stack.gateways[0].ask(IMAGES, { token: 'alice-full' });
    const { bytes } = usage();
    expect(bytes).toBeGreaterThan(1000);
    await stack.gateways[0].ask(IMAGES, { token: 'bob-full' });
    expect(usage().callers).toBe(2);
    expect(usage().bytes).toBeGreaterThan(bytes);
    expect(stack.gateways[1].catalogs.usage).toEqual({ callers: 0, bytes: 0 });
  });

  it('is forgotten of callers that are idle for a minute', async () => {
    await stack.gateways[0].ask(IMAGES, { token: 'alice-full' });
    stack.clock.advance(30_000);
    await stack.gateways[0].ask(IMAGES, { token: 'bob-full' });
    stack.clock.advance(30_000);
    expect(usage().callers).toBe(2);
    stack.clock.advance(60_000);
    expect(usage()).toEqual({ callers: 0, bytes: 0 });
  });
});
