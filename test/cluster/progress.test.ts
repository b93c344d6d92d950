import { expect, it } from '@jest/globals';
import { workerStack } from '../support/workerGateways.js';

const stack = workerStack();

it('the progress of an image never falls, whichever worker tells it', async () => {
  stack.linode.putImage('alice-full', { id: 'private/31000001', status: 'creating' });
  const told: unknown[] = [];
  for (const [i, percent] of [83, 90, 0, 0, 95].entries()) {
    const disarm = stack.linode.fault({ path: '/account/events', body: captureAt(percent) });
    const { data } = await stack.gateways[i % 2 === 0 ? 0 : 1].ask<{
      image: { progress: { percent: number } };
    }>('{ image(id: "private/31000001") { progress { percent } } }', { token: 'alice-full' });
    told.push(data.image.progress.percent);
    disarm();
    stack.clock.advance(10_000);
  }
  expect(told).toEqual([83, 90, 90, 90, 95]);
});

const entity = (id: number, type: string, path: string) => ({ id, type, label: 'some', url: `/v4/${path}` });

const captureAt = (percent: number) => ({
  data: [
    {
      id: 800000001,
      created: '2024-05-20T12:00:00',
      status: 'started',
      percent_complete: percent,
      username: 'alice',
      message: '',
      action: 'disk_imagize',
      entity: entity(54933906, 'linode', 'linode/instances/54933906'),
      secondary_entity: entity(31000001, 'image', 'images/private/31000001'),
    },
  ],
  page: 1,
  pages: 1,
  results: 1,
});
