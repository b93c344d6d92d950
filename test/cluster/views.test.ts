import { describe, expect, it } from '@jest/globals';
import { LIST, VIEW } from '../support/stack.js';
import { workerStack } from '../support/workerGateways.js';
import { until } from '../support/until.js';

const stack = workerStack();

const ALICE = { token: 'alice-full' };
const ID = 'private/23849731';

const view = async (i: 0 | 1, id = ID, headers: Record<string, string> = {}) => {
  const { data, errors } = await stack.gateways[i].ask<{ image: { id: string } | null }>(
    'query ($id: ID!) { image(id: $id) { id } }',
    { ...ALICE, variables: { id }, headers },
  );
  expect(errors).toEqual([]);
  return data.image?.id;
};
const views = () => stack.linode.count(VIEW);

describe('one image that two workers ask for', () => {
  it('costs one call when they do so at once', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    stack.linode.fault({ path: /^\/images\//, before: () => released });
    const answers = [view(0), view(1), view(0), view(1)];
    await until(
      () => stack.cluster.workers.every(({ asker }) => asker.openCount === 1),
      'a call from each worker to the primary',
    );
    release();
    expect(await Promise.all(answers)).toEqual([ID, ID, ID, ID]);
    expect(views()).toBe(1);
  });

  it('costs one call while what was told is fresh', async () => {
    await view(0);
    stack.clock.advance(5000);
    await view(1);
    await view(0);
    expect(views()).toBe(1);
    stack.clock.advance(1);
    await view(1);
    await view(0);
    expect(views()).toBe(2);
  });

  it('costs one call for each that wants it anew', async () => {
    await view(0);
    await view(1, ID, { 'cache-control': 'no-cache' });
    await view(0, ID, { 'cache-control': 'no-cache' });
    expect(views()).toBe(3);
  });

  it('costs one call where there is none such', async () => {
    expect(await view(0, 'private/1')).toBeUndefined();
    expect(await view(1, 'private/1')).toBeUndefined();
    expect(views()).toBe(1);
  });

  it('costs none where one of them has listed', async () => {
    await stack.gateways[0].ask('{ images { totalCount } }', ALICE);
    expect(await view(1)).toBe(ID);
    expect(views()).toBe(0);
  });
});

describe('many images that two workers ask for', () => {
  it('are listed rather than viewed as soon as they are more than 20 together', async () => {
    const ids = stack.linode.images('alice-full').map(({ id }) => id);
    for (const [i, id] of ids.slice(0, 20).entries()) await view(i % 2 === 0 ? 0 : 1, id);
    expect([views(), stack.linode.count(LIST)]).toEqual([20, 0]);
    for (const [i, id] of ids.slice(20).entries()) await view(i % 2 === 0 ? 0 : 1, id);
    expect([views(), stack.linode.count(LIST)]).toEqual([20, 1]);
  });
});
