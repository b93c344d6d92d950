import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { callerOf } from '../../../src/linode/caller.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { manualClock, type ManualClock } from '../../support/manualClock.js';

const ALICE = { token: 'alice-full' };
const IMAGES = '{ images { totalCount } }';

let clock: ManualClock;
let linode: Sandbox;
let gateway: TestGateway;

beforeEach(async () => {
  clock = manualClock();
  linode = await startSandbox({ now: clock.now });
  gateway = await startTestGateway({ linodeApiUrl: linode.url, clock });
});

afterEach(async () => {
  await gateway.close();
  await linode.close();
});

const peek = (token = ALICE.token) => gateway.catalogs.of(callerOf(token)).peek();

describe('what a catalog would answer from memory', () => {
  it('is nothing before the first list, and the list while it is fresh', async () => {
    expect(peek()).toBeUndefined();
    await gateway.ask(IMAGES, ALICE);
    const { version } = gateway.catalogs.of(callerOf(ALICE.token));
    clock.advance(2000);
    expect(peek()).toEqual({ version, ageMs: 2000, freshForMs: 3000 });
    clock.advance(3001);
    expect(peek()).toBeUndefined();
  });

  it('has another version after a write', async () => {
    await gateway.ask(IMAGES, ALICE);
    const before = peek();
    await gateway.ask(
      'mutation { deleteImage(input: { id: "private/23849498" }) { deletedImageId } }',
      ALICE,
    );
    expect(before?.version).toBeDefined();
    expect(peek()?.version).not.toBe(before?.version);
  });

  it('is nothing after a write of unknown outcome, until a read has asked', async () => {
    await gateway.ask(IMAGES, ALICE);
    linode.fault({ method: 'DELETE', times: 1, reset: 'after' });
    await gateway.ask(
      'mutation { deleteImage(input: { id: "private/23849498" }) { deletedImageId } }',
      ALICE,
    );
    expect(peek()).toBeUndefined();
    await gateway.ask(IMAGES, ALICE);
    expect(peek()).toBeDefined();
  });

  it('is nothing where the token was refused', async () => {
    await gateway.ask(IMAGES, ALICE);
    linode.fault({
      path: '/profile',
      status: 401,
      times: 1,
      body: { errors: [{ reason: 'Invalid Token' }] },
    });
    await gateway.ask('{ viewer { username } }', ALICE);
    expect(peek()).toBeUndefined();
  });

  it('is another version after a catalog was evicted and created again', async () => {
    const bob = { token: 'bob-full' };
    await gateway.close();
    gateway = await startTestGateway({ linodeApiUrl: linode.url, clock, settings: { maxCallers: 1 } });
    await gateway.ask(IMAGES, ALICE);
    const before = peek();
    await gateway.ask(IMAGES, bob);
    await gateway.ask(IMAGES, ALICE);
    expect(peek()?.version).not.toBe(before?.version);
  });
});
