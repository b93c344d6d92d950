import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PACKAGE } from '../support/gateway.js';
import { startStack } from '../support/stack.js';

const page = readFileSync(join(PACKAGE, 'docs', 'capture.md'), 'utf8');
const [find = '', disks = '', capture = '', watch = ''] = [...page.matchAll(/```graphql\n(.*?)```/gs)].map(
  ([, operation]) => operation ?? '',
);
const token = 'alice-full';

describe('capturing a disk as the docs show it', () => {
  it('finds the disk, captures it, and watches until it is ready', async () => {
    const { clock, gateway } = await startStack();
    const found = await gateway.ask<{ linodes: { nodes: { id: string; label: string }[] } }>(find, { token });
    expect(found.data.linodes.nodes[0]).toEqual({ id: 'linodes/54933906', label: 'web-1' });

    const chosen = await gateway.ask<{ linode: { disks: { diskId: string; filesystem: string }[] } }>(disks, {
      token,
    });
    expect(chosen.data.linode.disks).toMatchObject([
      { diskId: '109867812', filesystem: 'ext4', status: 'READY' },
      { filesystem: 'swap' },
    ]);

    const captured = await gateway.ask<{ createImage: { image: { id: string } } }>(capture, { token });
    expect(captured.data.createImage).toMatchObject({ image: { status: 'CREATING' }, userErrors: [] });

    const variables = { id: captured.data.createImage.image.id };
    clock.advance(46_000);
    const half = await gateway.ask(watch, { token, variables });
    expect(half.data).toMatchObject({
      image: { status: 'CREATING', progress: { phase: 'CAPTURING', percent: 50 } },
    });
    clock.advance(60_000);
    const done = await gateway.ask(watch, { token, variables });
    expect(done.data).toMatchObject({
      image: { status: 'AVAILABLE', progress: { phase: 'READY', percent: 100 } },
    });
  });

  it.each([
    ['that does not exist', '1'],
    ["of another account's", '108200002'],
  ])('refuses a disk %s', async (_, diskId) => {
    const { gateway } = await startStack();
    const { data, errors } = await gateway.ask(capture.replace('109867812', diskId), { token });
    expect(errors).toEqual([]);
    expect(data).toEqual({
      createImage: {
        image: null,
        userErrors: [{ code: 'NOT_FOUND', message: 'Not found', field: ['input', 'diskId'] }],
      },
    });
  });

  it('says that a Linode is busy with a capture', async () => {
    const { gateway } = await startStack();
    await gateway.ask(capture, { token });
    const { data } = await gateway.ask(capture, { token });
    expect(data).toMatchObject({ createImage: { image: null, userErrors: [{ code: 'CONFLICT' }] } });
  });
});
