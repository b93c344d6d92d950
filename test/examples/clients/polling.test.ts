import { expect, it } from '@jest/globals';
import { startStack, VIEW } from '../../support/stack.js';

const POLL = '{ image(id: "private/30000000") { status progress { phase percent } } }';

it('costs a call for events every two seconds, and has a new percentage each time', async () => {
  const { clock, linode, gateway } = await startStack();
  const { data } = await gateway.ask<{ createImage: { image: { id: string } } }>(
    'mutation { createImage(input: { diskId: "109867812" }) { image { id } } }',
    { token: 'alice-full' },
  );
  const query = POLL.replace('private/30000000', data.createImage.image.id);
  linode.clearRequests();
  const percentages = new Set<number | null>();
  for (let ms = 0; ms < 20_000; ms += 500) {
    const polled = await gateway.ask<{ image: { progress: { percent: number | null } } }>(query, {
      token: 'alice-full',
    });
    percentages.add(polled.data.image.progress.percent);
    clock.advance(500);
  }
  const events = linode.count(/^GET \/account\/events/);
  expect(events).toBeGreaterThan(5);
  expect(events).toBeLessThanOrEqual(10);
  expect(linode.count(VIEW)).toBeLessThanOrEqual(5);
  expect(percentages.size).toBeGreaterThan(5);
});
