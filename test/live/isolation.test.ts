import { describe, expect, it } from '@jest/globals';
import { atDepth } from '../support/depth.js';
import { startStack, whileTimePasses, type Stack } from '../support/stack.js';
import { subscribe, type Subscriber } from '../support/subscriber.js';
import { until } from '../support/until.js';

const CALLERS = 64;
const IMAGES = 3;
const REPLICATING = [{ region: 'us-ord', status: 'replicating' }];
const AVAILABLE = [{ region: 'us-ord', status: 'available' }];

interface Followed {
  imageChanges?: { kind: string; imageId: string; image: { id: string; label: string } | null };
  image?: { id: string; label: string } | null;
}

interface Account {
  token: string;
  ids: string[];
  all: Subscriber<Followed>;
  one: Subscriber<Followed>;
}

/** Reproducible choices. */
function chooser(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

async function openAccounts({ linode, gateway }: Stack): Promise<Account[]> {
  const accounts: Account[] = [];
  for (let i = 0; i < CALLERS; i++) {
    const token = `caller-${i}`;
    const ids = Array.from({ length: IMAGES }, (_, k) => `private/${10_000 + i * 10 + k}`);
    linode.addAccount({
      tokens: [{ token, username: token, scopes: '*' }],
      images: ids.map((id) => ({ id, label: `${token} ${id}`, regions: REPLICATING })),
    });
    const all = await subscribe<Followed>(
      gateway.url,
      'subscription { imageChanges { kind imageId image { id label } } }',
      { token },
    );
    const one = await subscribe<Followed>(
      gateway.url,
      `subscription { image(id: "${ids[0]}") { id label } }`,
      {
        token,
      },
    );
    accounts.push({ token, ids, all, one });
  }
  await until(
    () => accounts.every(({ all, one }) => all.results.length === IMAGES && one.results.length === 1),
    'the present states',
    30_000,
  );
  return accounts;
}

/** Something that happens to one account: a write through the gateway or elsewhere, or a fault. */
async function act(
  { linode, gateway }: Stack,
  { token, ids }: Account,
  choose: (count: number) => number,
  step: number,
) {
  const id = ids[choose(ids.length)] ?? '';
  const label = `${token} ${id} ${step}`;
  switch (choose(6)) {
    case 0:
    case 1:
      await gateway.ask(
        `mutation { updateImage(input: { id: "${id}", label: "${label}" }) { image { id } } }`,
        { token },
      );
      break;
    case 2:
      linode.putImage(token, { id, label, regions: choose(2) === 0 ? REPLICATING : AVAILABLE });
      break;
    case 3:
      linode.fault({ token, method: 'GET', times: 1 + choose(3), status: 503 });
      break;
    case 4:
      linode.fault({ token, method: 'GET', times: 1, reset: 'before' });
      break;
    default:
      await gateway.ask('{ images(first: 3) { nodes { label } } }', { token });
  }
}

describe('64 callers with subscriptions, writes and faults', () => {
  it('each receives events of its own images only, and in the end the present state', async () => {
    const stack = await startStack();
    const accounts = await openAccounts(stack);
    const choose = chooser(20_241);
    const pending: Promise<void>[] = [];
    for (let step = 0; step < atDepth(150, 3000); step++) {
      const account = accounts[choose(CALLERS)];
      // Not awaited: a read that is retried waits for the clock.
      if (account) pending.push(act(stack, account, choose, step));
      stack.clock.advance(100);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await whileTimePasses(stack.clock, 100, Promise.all(pending));
    stack.linode.clearFaults();
    for (const { token, ids } of accounts) {
      for (const id of ids)
        stack.linode.putImage(token, { id, label: `${token} ${id} last`, regions: REPLICATING });
    }
    const isCurrent = ({ all, ids, one }: Account): boolean =>
      one.results.at(-1)?.data?.image?.label.endsWith('last') === true || one.isComplete
        ? ids.every((id) => {
            const last = all.results.filter(({ data }) => data?.imageChanges?.imageId === id).at(-1);
            return last?.data?.imageChanges?.image?.label.endsWith('last') === true;
          })
        : false;
    await until(
      async () => {
        stack.clock.advance(500);
        await new Promise((resolve) => setTimeout(resolve, 5));
        return accounts.every(isCurrent);
      },
      'the present state of all',
      60_000,
    );
    for (const { token, ids, all, one } of accounts) {
      const seen = [...all.results, ...one.results].map(({ data }) => data?.imageChanges ?? data?.image);
      for (const each of seen) {
        const image = each && 'imageId' in each ? each.image : each;
        expect(ids).toContain(each && 'imageId' in each ? each.imageId : image?.id);
        expect(image?.label.startsWith(`${token} `)).toBe(true);
      }
      expect([...all.results, ...one.results].every(({ errors }) => errors === undefined)).toBe(true);
      all.close();
      one.close();
    }
    expect(stack.gateway.bugs).toEqual([]);
  }, 240_000);
});
