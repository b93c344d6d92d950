import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { atDepth } from '../../support/depth.js';
import { startStack, type Stack } from '../../support/stack.js';

const ID = 'private/23849731';
const PRESENT = ['us-east', 'eu-central', 'ap-south'];
const VIEW = 'GET /images/private%2F23849731';
const POST = 'POST /images/private%2F23849731/regions';

interface Payload {
  setImageRegions: {
    image: { id: string; totalSize: number | null; regions: { regionId: string; status: string }[] } | null;
    userErrors: { code: string; message: string; field: string[] | null }[];
  } | null;
}

const SET = `mutation ($input: SetImageRegionsInput!) { setImageRegions(input: $input) {
  image { id totalSize regions { regionId status } } userErrors { code message field }
} }`;

interface Input {
  id?: string;
  regions: string[];
  expectedRegions?: string[] | null;
}

async function set({ gateway }: Stack, input: Input, token = 'alice-full') {
  const { data, errors } = await gateway.ask<Payload>(SET, {
    token,
    variables: { input: { id: ID, ...input } },
  });
  return { payload: data.setImageRegions, errors };
}

const lines = ({ linode }: Stack): string[] => linode.requests.map(({ line }) => line);
const statuses = (regions: readonly { regionId: string; status: string }[] = []) =>
  Object.fromEntries(regions.map(({ regionId, status }) => [regionId, status]));

describe('setImageRegions', () => {
  it('overwrites the regions by one call, which the next reads know', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const { gateway, linode } = stack;
    await gateway.ask('{ images { totalCount } }', { token: 'alice-full' });
    linode.clearRequests();
    const { payload, errors } = await set(stack, { regions: ['us-east', 'regions/us-ord'] });
    expect(errors).toEqual([]);
    expect(payload?.userErrors).toEqual([]);
    const expected = {
      'us-east': 'AVAILABLE',
      'eu-central': 'PENDING_DELETION',
      'ap-south': 'PENDING_DELETION',
      'us-ord': 'PENDING_REPLICATION',
    };
    expect(statuses(payload?.image?.regions)).toEqual(expected);
    const { data } = await gateway.ask<{ images: { nodes: { regions: [] }[] } }>(
      `{ images(filter: { id: ["${ID}"], region: ["us-ord"], regionStatus: [PENDING_REPLICATION] }) {
        nodes { regions { regionId status } } } }`,
      { token: 'alice-full' },
    );
    expect(statuses(data.images.nodes[0]?.regions)).toEqual(expected);
    expect(linode.requests.map(({ line, body }) => [line, body])).toEqual([
      [POST, JSON.stringify({ regions: ['us-east', 'us-ord'] })],
    ]);
  });

  it('takes the number of the image, and costs one view more with the expected regions', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const { payload } = await set(stack, {
      id: '23849731',
      regions: ['us-east'],
      expectedRegions: [...PRESENT.map((slug) => `regions/${slug}`).reverse(), 'us-east'],
    });
    expect(payload?.userErrors).toEqual([]);
    expect(payload?.image?.id).toBe(ID);
    expect(lines(stack)).toEqual([VIEW, POST]);
    const [operation] = stack.gateway.operations;
    expect(operation?.upstreamCalls).toBe(2);
  });

  it('is a CONFLICT with the present image where other regions store it by now', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    for (const expectedRegions of [PRESENT.slice(1), [...PRESENT, 'us-ord'], [], ['us-ord']]) {
      stack.linode.clearRequests();
      const { payload, errors } = await set(stack, { regions: ['us-east'], expectedRegions });
      expect(errors).toEqual([]);
      expect(payload?.userErrors).toEqual([
        {
          code: 'CONFLICT',
          message: 'The regions of the image have changed meanwhile',
          field: ['input', 'expectedRegions'],
        },
      ]);
      expect(payload?.image?.regions.map(({ regionId }) => regionId)).toEqual(PRESENT);
      expect(lines(stack)).toEqual([VIEW]);
    }
  });

  it('looks at the image as it is now, not as the catalog knows it', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const { gateway, linode } = stack;
    await gateway.ask(`{ image(id: "${ID}") { id } }`, { token: 'alice-full' });
    // Another client removes a region, past the gateway.
    await fetch(`${linode.url}/images/${encodeURIComponent(ID)}/regions`, {
      method: 'POST',
      headers: { authorization: 'Bearer alice-full', 'content-type': 'application/json' },
      body: JSON.stringify({ regions: ['us-east', 'eu-central'] }),
    });
    const stale = await set(stack, { regions: ['us-east', 'us-ord'], expectedRegions: PRESENT });
    expect(stale.payload?.userErrors).toMatchObject([{ code: 'CONFLICT' }]);
    // What is about to be removed does not count.
    expect(statuses(stale.payload?.image?.regions)['ap-south']).toBe('PENDING_DELETION');
    const fresh = await set(stack, {
      regions: ['us-east', 'us-ord'],
      expectedRegions: ['us-east', 'eu-central'],
    });
    expect(fresh.payload?.userErrors).toEqual([]);
  });

  it.each([null, undefined])(
    'where Linode sends %s as regions, overwrites none that a form expects',
    async (none) => {
      const stack = await startStack({ sandbox: { api: 'latest' } });
      stack.linode.fault({
        method: 'GET',
        path: /^\/images\/private%2F23849731$/,
        rows: { [ID]: { regions: none } },
      });
      const { payload, errors } = await set(stack, { regions: ['us-east'], expectedRegions: PRESENT });
      expect(errors).toEqual([]);
      expect(payload).toMatchObject({
        image: { id: ID, regions: null },
        userErrors: [{ code: 'CONFLICT', field: ['input', 'expectedRegions'] }],
      });
      expect(lines(stack)).toEqual([VIEW]);
      const fromNone = await set(stack, { regions: ['us-east'], expectedRegions: [] });
      expect(fromNone.payload?.userErrors).toEqual([]);
      expect(lines(stack)).toEqual([VIEW, VIEW, POST]);
    },
  );

  it('keeps one region in which the image is available, before any POST where it has looked', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const checked = await set(stack, { regions: ['us-ord'], expectedRegions: PRESENT });
    expect(checked.payload).toEqual({
      image: null,
      userErrors: [
        {
          code: 'INVALID',
          message:
            'At least one region in which the image is available must stay (us-east, eu-central, ap-south)',
          field: ['input', 'regions'],
        },
      ],
    });
    expect(lines(stack)).toEqual([VIEW]);
    const unchecked = await set(stack, { regions: ['us-ord'] });
    expect(unchecked.payload?.userErrors).toEqual([
      {
        code: 'INVALID',
        message: 'At least one available region must be specified.',
        field: ['input', 'regions'],
      },
    ]);
  });

  it.each([
    [{ regions: [] }, ['input', 'regions']],
    [{ regions: ['us-east', 'us-nowhere'] }, ['input', 'regions', '1']],
    [{ regions: ['gb-lon', 'us-east'] }, ['input', 'regions', '0']],
  ])('passes on what Linode says of the regions: %j', async (input, field) => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const { payload } = await set(stack, input);
    expect(payload).toMatchObject({ image: null, userErrors: [{ code: 'INVALID', field }] });
    expect(lines(stack)).toEqual([POST]);
  });

  it.each([
    [{ id: 'linode%2Fdebian12', regions: ['us-east'] }, [['input', 'id']]],
    [{ regions: ['us-east', 'US East'] }, [['input', 'regions', '1']]],
    [
      { regions: ['../account'], expectedRegions: ['us-east', ''] },
      [
        ['input', 'regions', '0'],
        ['input', 'expectedRegions', '1'],
      ],
    ],
    [
      { regions: ['us-east\ud800', 'us\0east'] },
      [
        ['input', 'regions', '0'],
        ['input', 'regions', '1'],
      ],
    ],
  ])('is INVALID before any call: %j', async (input, fields) => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const { payload } = await set(stack, input);
    expect(payload?.image).toBeNull();
    expect(payload?.userErrors.map(({ code, field }) => [code, field])).toEqual(
      fields.map((field) => ['INVALID', field]),
    );
    expect(lines(stack)).toEqual([]);
  });

  it('finds no image that does not exist, with expected regions or without', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    for (const expectedRegions of [undefined, ['us-east']]) {
      const { payload } = await set(stack, {
        id: 'private/1',
        regions: ['us-east'],
        ...(expectedRegions && { expectedRegions }),
      });
      expect(payload).toMatchObject({
        image: null,
        userErrors: [{ code: 'NOT_FOUND', field: ['input', 'id'] }],
      });
    }
  });

  it('fails as every write does where Linode forbids it or does not respond', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const forbidden = await set(stack, { id: 'linode/debian12', regions: ['us-east'] });
    expect(forbidden).toMatchObject({ payload: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    stack.linode.fault({ method: 'POST', path: '/images/private%2F23849731/regions', status: 502 });
    const unknown = await set(stack, { regions: ['us-east'], expectedRegions: PRESENT });
    expect(unknown).toMatchObject({
      payload: null,
      errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE', outcome: 'unknown' } }],
    });
  });

  it('reads the image again where the response lacks its regions', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const rest = { ...stack.linode.image(ID), regions: undefined };
    stack.linode.fault({
      method: 'POST',
      path: '/images/private%2F23849731/regions',
      status: 200,
      body: rest,
    });
    const { payload, errors } = await set(stack, { regions: ['us-east'] });
    expect(errors).toEqual([]);
    expect(payload?.image?.regions.map(({ regionId }) => regionId)).toEqual(PRESENT);
    expect(lines(stack)).toEqual([POST, VIEW]);
  });
});

describe('two tabs with one form each', () => {
  /** A tab opens the form, or submits it with what it shows plus or minus a region. */
  const action = fc.record({
    tab: fc.constantFrom(0, 1),
    what: fc.constantFrom('open', 'submit', 'submit at once'),
    region: fc.constantFrom('eu-central', 'ap-south', 'us-ord', 'nl-ams'),
  });

  it('lose no update, however they interleave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        const stack = await startStack({ sandbox: { api: 'latest', rateLimits: false } });
        const { gateway } = stack;
        let present = new Set(PRESENT);
        const forms = [new Set(PRESENT), new Set(PRESENT)];
        const pending: Promise<void>[] = [];

        const open = async (tab: number): Promise<void> => {
          const { data } = await gateway.ask<{ image: { regions: { regionId: string; status: string }[] } }>(
            `{ image(id: "${ID}") { regions { regionId status } } }`,
            { token: 'alice-full', headers: { 'cache-control': 'no-cache' } },
          );
          forms[tab] = new Set(
            data.image.regions.flatMap(({ regionId, status }) =>
              status === 'PENDING_DELETION' ? [] : [regionId],
            ),
          );
        };
        const submit = async (tab: number, region: string): Promise<void> => {
          const shown = forms[tab] ?? new Set();
          const wanted = new Set(shown);
          if (!wanted.delete(region)) wanted.add(region);
          const { payload } = await set(stack, { regions: [...wanted], expectedRegions: [...shown] });
          const [error] = payload?.userErrors ?? [];
          const seen = new Set(
            payload?.image?.regions.flatMap(({ regionId, status }) =>
              status === 'PENDING_DELETION' ? [] : [regionId],
            ),
          );
          if (error) {
            expect(error.code).toBe('CONFLICT');
            // The payload shows what the form did not.
            expect(sorted(seen)).not.toEqual(sorted(shown));
          } else {
            // Applied to what was there at that very moment.
            expect(sorted(present)).toEqual(sorted(shown));
            present = wanted;
          }
        };

        for (const { tab, what, region } of actions) {
          if (what === 'open') {
            await Promise.all(pending.splice(0));
            await open(tab);
          } else if (what === 'submit') {
            await Promise.all(pending.splice(0));
            await submit(tab, region);
          } else {
            pending.push(submit(tab, region));
          }
        }
        await Promise.all(pending);
        await open(0);
        expect(sorted(forms[0] ?? new Set())).toEqual(sorted(present));
        await gateway.close();
        await stack.linode.close();
      }),
      { numRuns: atDepth(12, 100) },
    );
  });
});

const sorted = (regions: ReadonlySet<string>): string[] => [...regions].sort();
