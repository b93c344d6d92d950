import { describe, expect, it } from '@jest/globals';
import { startStack, whileTimePasses, type Stack } from '../support/stack.js';
import { subscribe, type Subscriber } from '../support/subscriber.js';
import { until } from '../support/until.js';

const token = 'alice-full';

async function capture({ gateway }: Stack): Promise<string> {
  const { data } = await gateway.ask<{ createImage: { image: { id: string } } }>(
    'mutation { createImage(input: { diskId: "109867812" }) { image { id } } }',
    { token },
  );
  return data.createImage.image.id;
}

const follow = ({ gateway }: Stack, id: string): Promise<Subscriber> =>
  subscribe(gateway.url, 'subscription ($id: ID!) { image(id: $id) { status progress { percent } } }', {
    token,
    variables: { id },
  });

const FOLLOW_ALL = 'subscription { imageChanges(filter: { status: [CREATING] }) { kind imageId } }';

/** Lets time pass in steps, and what falls due happen. */
async function pass({ clock }: Stack, ms: number): Promise<void> {
  const until = clock.now() + ms;
  await whileTimePasses(
    clock,
    500,
    (async () => {
      while (clock.now() < until) await new Promise((resolve) => setTimeout(resolve, 1));
    })(),
  );
}

describe('while Linode fails', () => {
  it.each([
    ['responds with 503', { status: 503 }],
    ['resets connections', { reset: 'before' as const }],
  ])(
    'and %s for a minute, subscriptions stay open, report it once, and go on',
    async (_, fault) => {
      const stack = await startStack();
      const id = await capture(stack);
      const one = await follow(stack, id);
      const all = await subscribe(stack.gateway.url, FOLLOW_ALL, { token });
      await until(() => one.results.length === 1 && all.results.length === 1, 'the present state');
      const restore = stack.linode.fault({ method: 'GET', ...fault });
      await pass(stack, 60_000);
      const stale = [one, all].map(
        ({ results }) => results.filter(({ extensions }) => extensions?.stale).length,
      );
      expect(stale).toEqual([1, 1]);
      expect([one.hasEnded, all.hasEnded]).toEqual([false, false]);
      const calls = stack.linode.requests.length;
      await pass(stack, 60_000);
      // Ever longer intervals, and a circuit that is open.
      expect(stack.linode.requests.length - calls).toBeLessThan(30);
      restore();
      await whileTimePasses(
        stack.clock,
        500,
        until(() => one.isComplete, 'the end of the capture', 30_000),
      );
      expect(one.results.at(-1)).toEqual({
        data: { image: { status: 'AVAILABLE', progress: { percent: 100 } } },
      });
      await until(() => all.results.at(-1)?.data?.['imageChanges'] !== undefined, 'what left the filter');
      expect(all.results.at(-1)).toEqual({ data: { imageChanges: { kind: 'REMOVED', imageId: id } } });
      expect([...one.results, ...all.results].every(({ errors }) => errors === undefined)).toBe(true);
    },
    60_000,
  );

  it('a subscription that begins then has what is known, or the error of a query', async () => {
    const stack = await startStack();
    const id = await capture(stack);
    stack.linode.fault({ method: 'GET', status: 503 });
    const known = await follow(stack, id);
    const unknown = await follow(stack, 'private/77');
    await whileTimePasses(
      stack.clock,
      100,
      until(() => unknown.isComplete && known.results.length > 0, 'results'),
    );
    expect(known.results[0]).toMatchObject({ data: { image: { status: 'CREATING' } } });
    expect(unknown.results[0]?.errors?.[0]?.extensions['code']).toBe('UPSTREAM_UNAVAILABLE');
  });
});

describe('a token that is refused', () => {
  it('ends all its subscriptions with an error, and no other', async () => {
    const stack = await startStack();
    const subscribers = [
      await follow(stack, await capture(stack)),
      await subscribe(stack.gateway.url, FOLLOW_ALL, { token }),
    ];
    const other = await subscribe(stack.gateway.url, FOLLOW_ALL, { token: 'bob-full' });
    await until(() => subscribers.every(({ results }) => results.length === 1), 'the present state');
    stack.linode.fault({ token, status: 401, body: { errors: [{ reason: 'Invalid Token' }] } });
    await whileTimePasses(
      stack.clock,
      500,
      until(() => subscribers.every(({ isComplete }) => isComplete), 'the ends'),
    );
    for (const { results } of subscribers) {
      expect(results.at(-1)?.errors?.map(({ extensions }) => extensions['code'])).toEqual([
        'UNAUTHENTICATED',
      ]);
      expect(results.at(-1)?.errors?.[0]?.extensions['requestId']).toEqual(expect.any(String));
    }
    expect(other.hasEnded).toBe(false);
    expect(stack.gateway.bugs).toEqual([]);
  });

  it('that may no longer read images ends them too', async () => {
    const stack = await startStack();
    const subscriber = await subscribe(stack.gateway.url, FOLLOW_ALL, { token });
    await whileTimePasses(
      stack.clock,
      500,
      until(() => stack.linode.requests.length > 1, 'a poll'),
    );
    stack.linode.fault({
      path: '/images',
      token,
      status: 401,
      headers: { 'x-oauth-scopes': 'account:read_only', 'x-accepted-oauth-scopes': 'images:read_only' },
      body: { errors: [{ reason: 'Your OAuth token is not authorized to use this endpoint.' }] },
    });
    await whileTimePasses(
      stack.clock,
      500,
      until(() => subscriber.isComplete, 'the end'),
    );
    expect(subscriber.results.at(-1)?.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });

  it('that may not read events follows images without them', async () => {
    const stack = await startStack();
    const id = await capture(stack);
    const subscriber = await subscribe(
      stack.gateway.url,
      'subscription ($id: ID!) { image(id: $id) { status } }',
      {
        token: 'alice-read',
        variables: { id },
      },
    );
    await whileTimePasses(
      stack.clock,
      500,
      until(() => subscriber.isComplete, 'the end'),
    );
    expect(subscriber.results.map(({ data }) => data?.['image'])).toEqual([
      { status: 'CREATING' },
      { status: 'AVAILABLE' },
    ]);
  });
});
