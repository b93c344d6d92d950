import { describe, expect, it } from '@jest/globals';
import { callsOf, growAccount } from '../../support/grownAccount.js';
import { startStack, type Stack } from '../../support/stack.js';

const LINODES = /^GET \/linode\/instances\?/;
const EVENTS = /^GET \/account\/events\?/;
const USERS = /^GET \/account\/users/;

const PAGE = `query ($first: Int) {
  images(first: $first, filter: { isPublic: false }) {
    nodes { id creator { username } latestEvent { id } linodes(first: 5) { nodes { id region { slug } } } }
  }
}`;

interface Page {
  images: {
    nodes: {
      id: string;
      creator: { username: string } | null;
      latestEvent: { id: string } | null;
      linodes: { nodes: { id: string; region: { slug: string } }[] } | null;
    }[];
  };
}

const filterOf = ({ linode }: Stack, line: RegExp): unknown => {
  const header = linode.requests.find((request) => request.line.search(line) === 0)?.headers['x-filter'];
  return header === undefined ? undefined : JSON.parse(String(header));
};

describe('the connections of a page of images', () => {
  it('cost five calls for 100 images', async () => {
    const at = await startStack();
    const { token, imageIds } = growAccount(at, 100);
    const { data, errors } = await at.gateway.ask<Page>(PAGE, { token, variables: { first: 100 } });
    expect(errors).toEqual([]);
    expect(callsOf(at)).toEqual([
      'GET /account/events',
      'GET /account/users',
      'GET /images',
      'GET /linode/instances',
      'GET /regions',
    ]);
    expect(data.images.nodes).toHaveLength(100);
    expect(data.images.nodes[1]).toEqual({
      id: imageIds[1],
      creator: { username: 'ann' },
      latestEvent: null,
      linodes: { nodes: [{ id: 'linodes/60000001', region: { slug: 'us-east' } }] },
    });
  });

  it('ask for the Linodes of several images by one filter', async () => {
    const at = await startStack();
    const { token } = growAccount(at, 2);
    await at.gateway.ask(PAGE, { token });
    expect(filterOf(at, LINODES)).toEqual({
      '+or': [{ image: 'private/30000000' }, { image: 'private/30000001' }],
    });
  });

  it('list all Linodes where the filter would not fit into a header', async () => {
    const at = await startStack();
    const { token } = growAccount(at, 300);
    const { data, errors } = await at.gateway.ask<Page>(PAGE, { token, variables: { first: 300 } });
    expect(errors).toEqual([]);
    expect(at.linode.count(LINODES)).toBe(1);
    expect(filterOf(at, LINODES)).toBeUndefined();
    expect(data.images.nodes.every(({ linodes }) => linodes?.nodes.length === 1)).toBe(true);
  });

  it('list all Linodes where Linode refuses the filter, and remember that', async () => {
    const at = await startStack();
    const { token } = growAccount(at, 3);
    at.linode.fault({
      path: '/linode/instances',
      status: 400,
      body: { errors: [{ reason: 'Could not apply filter', field: 'X-Filter' }] },
      times: 1,
    });
    const first = await at.gateway.ask<Page>(PAGE, { token });
    expect(at.linode.count(LINODES)).toBe(2);
    at.clock.advance(10_000);
    const second = await at.gateway.ask<Page>(PAGE, { token });
    expect(at.linode.count(LINODES)).toBe(3);
    expect(first.errors).toEqual([]);
    expect(second.data).toEqual(first.data);
    expect(second.data.images.nodes[2]?.linodes?.nodes).toHaveLength(1);
    expect(
      at.linode.requests.filter(({ headers, path }) => path === '/linode/instances' && headers['x-filter']),
    ).toHaveLength(1);
  });

  it('ask for no creator that is Linode itself, and none where there is no name', async () => {
    const at = await startStack();
    const { data, errors } = await at.gateway.ask<{ images: { nodes: { creator: unknown }[] } }>(
      '{ images(filter: { or: [{ isPublic: true }, { createdBy: { isNull: true } }] }) { nodes { creator { id } } } }',
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    expect(data.images.nodes.every(({ creator }) => creator === null)).toBe(true);
    expect(at.linode.count(USERS)).toBe(0);
  });

  it('know no creator that is no user any more, without an error', async () => {
    const { gateway } = await startStack();
    const { data, errors } = await gateway.ask(
      '{ gone: image(id: "private/23950120") { createdBy creator { id } } one: image(id: "private/23851696") { creator { id username email restricted } } }',
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      gone: { createdBy: 'erin', creator: null },
      one: {
        creator: { id: 'users/dave', username: 'dave', email: 'dave@example.com', restricted: false },
      },
    });
  });

  it('page Linodes and events as images do', async () => {
    const { gateway } = await startStack();
    const query = `query ($linodes: String, $events: String) {
      image(id: "private/23849731") {
        linodes(first: 1, after: $linodes) { totalCount nodes { label } pageInfo { hasNextPage endCursor } }
        events(first: 1, after: $events) { totalCount nodes { action } pageInfo { hasNextPage endCursor } }
      }
    }`;
    interface Answer {
      image: Record<
        'linodes' | 'events',
        { nodes: unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
      >;
    }
    const first = await gateway.ask<Answer>(query, { token: 'alice-full' });
    expect(first.data.image).toMatchObject({
      linodes: { totalCount: 2, nodes: [{ label: 'web-1' }], pageInfo: { hasNextPage: true } },
      events: { totalCount: 2, nodes: [{ action: 'image_update' }], pageInfo: { hasNextPage: true } },
    });
    const { linodes, events } = first.data.image;
    const variables = { linodes: linodes.pageInfo.endCursor, events: events.pageInfo.endCursor };
    const second = await gateway.ask<Answer>(query, { token: 'alice-full', variables });
    expect(second.data.image).toMatchObject({
      linodes: { totalCount: 2, nodes: [{ label: 'web-2' }], pageInfo: { hasNextPage: false } },
      events: { totalCount: 2, nodes: [{ action: 'disk_imagize' }], pageInfo: { hasNextPage: false } },
    });
    const swapped = await gateway.ask(query, {
      token: 'alice-full',
      variables: { linodes: variables.events },
    });
    expect(swapped.errors).toMatchObject([
      { path: ['image', 'linodes'], extensions: { code: 'BAD_USER_INPUT', argument: 'after' } },
    ]);
  });
});

describe('an edge that the token may not read', () => {
  it('is null with an error on each path while the others are returned, and Linode is called once', async () => {
    const at = await startStack();
    const { data, errors } = await at.gateway.ask<Page>(PAGE, { token: 'alice-read' });
    const nodes = data.images.nodes;
    expect(nodes).toHaveLength(8);
    expect(nodes.every(({ latestEvent, creator }) => latestEvent === null && creator === null)).toBe(true);
    expect(nodes.flatMap(({ linodes }) => linodes?.nodes ?? [])).toHaveLength(4);
    expect(at.linode.count(EVENTS)).toBe(1);
    expect(at.linode.count(USERS)).toBe(1);

    const byField = (field: string) => errors.filter(({ path }) => path?.[3] === field);
    expect(byField('latestEvent').map(({ path }) => path?.[2])).toEqual(nodes.map((_, i) => i));
    // Three of the eight have no creator: that is a fact, not a failure.
    expect(byField('creator')).toHaveLength(5);
    expect(errors).toHaveLength(13);
    expect(errors.every(({ extensions }) => extensions['code'] === 'FORBIDDEN')).toBe(true);
    expect(byField('latestEvent')[0]?.extensions).toMatchObject({
      requiredScopes: ['events:read_only'],
      grantedScopes: ['images:read_only', 'linodes:read_only'],
    });
  });

  it('is not asked for again by a later level of the same operation', async () => {
    const at = await startStack();
    const { errors } = await at.gateway.ask(
      `{ image(id: "private/23849731") { creator { id } linodes { nodes { image { creator { id } } disks { linode { image { events { totalCount } latestEvent { id } } } } } } } }`,
      { token: 'alice-read' },
    );
    expect(at.linode.count(USERS)).toBe(1);
    expect(at.linode.count(EVENTS)).toBe(1);
    expect(new Set(errors.map(({ extensions }) => extensions['code']))).toEqual(new Set(['FORBIDDEN']));
  });

  it('is forbidden to restricted users where only unrestricted ones may', async () => {
    const at = await startStack();
    const { data, errors } = await at.gateway.ask<Page>(PAGE, { token: 'carol-restricted' });
    expect(data.images.nodes.map(({ id, creator }) => [id, creator])).toEqual(
      data.images.nodes.map(({ id }) => [id, null]),
    );
    expect(errors.length).toBeGreaterThan(0);
    expect(
      errors.every(({ path, extensions }) => path?.[3] === 'creator' && extensions['code'] === 'FORBIDDEN'),
    ).toBe(true);
    expect(at.linode.count(USERS)).toBe(1);
  });

  it('is not even asked for without a token', async () => {
    const at = await startStack();
    const { data, errors } = await at.gateway.ask(
      '{ viewer { id } linode(id: 1) { id } linodes { totalCount } images(first: 1) { nodes { id creator { id } sourceLinode { id } latestEvent { id } linodes { totalCount } progress { phase } } } regions { slug } }',
    );
    expect(data).toMatchObject({
      viewer: null,
      linode: null,
      linodes: null,
      images: {
        nodes: [
          {
            creator: null,
            sourceLinode: null,
            latestEvent: null,
            linodes: null,
            progress: { phase: 'READY' },
          },
        ],
      },
    });
    expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions['code']]).sort()).toEqual(
      ['latestEvent', 'linode', 'linodes', 'linodes', 'viewer'].map((field) => [field, 'UNAUTHENTICATED']),
    );
    expect(callsOf(at)).toEqual(['GET /images', 'GET /regions']);
  });

  it('leaves images without such edges alone', async () => {
    const at = await startStack();
    await at.gateway.ask('{ images { nodes { id label createdBy status } } }', { token: 'alice-full' });
    expect(callsOf(at)).toEqual(['GET /images']);
  });

  it('fails each path by itself, and once upstream, when the events are out of order', async () => {
    const at = await startStack();
    at.linode.fault({ path: '/account/events', status: 500 });
    const { data, errors } = await at.gateway.ask<Page>(PAGE, { token: 'alice-full' });
    expect(data.images.nodes.every(({ linodes }) => linodes !== null)).toBe(true);
    expect(errors.map(({ path, extensions }) => [path?.[3], extensions['code']])).toEqual(
      data.images.nodes.map(() => ['latestEvent', 'UPSTREAM_UNAVAILABLE']),
    );
    expect(at.linode.count(EVENTS)).toBe(1);
  });
});

describe('sourceLinode', () => {
  const source = (fields: string) => `{ image(id: "private/23849731") { sourceLinode { ${fields} } } }`;

  it('is known from the event of the capture', async () => {
    const at = await startStack();
    const { data } = await at.gateway.ask(
      `${source('__typename ...Mention ... { label }')} fragment Mention on Linode { id linodeId }`,
      { token: 'alice-full' },
    );
    expect(data).toEqual({
      image: {
        sourceLinode: { __typename: 'Linode', id: 'linodes/54933906', linodeId: '54933906', label: 'web-1' },
      },
    });
    expect(callsOf(at)).toEqual(['GET /account/events', 'GET /images/private/23849731']);
  });

  it('asks for the Linode where more is wanted', async () => {
    const at = await startStack();
    const { data } = await at.gateway.ask(source('label status region { slug } image { id }'), {
      token: 'alice-full',
    });
    expect(data).toEqual({
      image: {
        sourceLinode: {
          label: 'web-1',
          status: 'RUNNING',
          region: { slug: 'us-east' },
          image: { id: 'private/23849731' },
        },
      },
    });
    expect(callsOf(at)).toContain('GET /linode/instances/54933906');
  });

  it('is null for what was not captured', async () => {
    const { gateway } = await startStack();
    const { data, errors } = await gateway.ask(
      '{ upload: image(id: "private/23912377") { sourceLinode { id } } ours: image(id: "linode/debian12") { sourceLinode { id } } }',
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ upload: { sourceLinode: null }, ours: { sourceLinode: null } });
  });
});

describe('events', () => {
  it('come as one list, newest first, of those that may concern images', async () => {
    const at = await startStack();
    const { data } = await at.gateway.ask<{ images: { nodes: { events: { nodes: unknown[] } }[] } }>(
      '{ images(first: 3) { nodes { events { nodes { id } } latestEvent { id } sourceLinode { id } progress { phase } } } }',
      { token: 'alice-full' },
    );
    expect(data.images.nodes).toHaveLength(3);
    expect(at.linode.count(EVENTS)).toBe(1);
    expect(at.linode.requests.find(({ path }) => path === '/account/events')?.query).toBe('page_size=500');
    expect(filterOf(at, EVENTS)).toMatchObject({ '+order_by': 'id', '+order': 'desc' });
  });

  it('tell their image and their Linode, and know public images by their id', async () => {
    const { gateway } = await startStack();
    const { data, errors } = await gateway.ask(
      `{ image(id: "linode/debian12") { events { nodes { id eventId action status percentComplete message username created image { label } linode { id label } } } } }`,
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      image: {
        events: {
          nodes: [
            {
              id: 'events/649332310',
              eventId: '649332310',
              action: 'linode_create',
              status: 'FINISHED',
              percentComplete: 100,
              message: null,
              username: 'alice',
              created: '2024-05-19T07:58:12Z',
              image: { label: 'Debian 12' },
              linode: { id: 'linodes/55007110', label: 'bastion' },
            },
          ],
        },
      },
    });
  });

  it('know no image that is gone, without an error', async () => {
    const { gateway } = await startStack();
    const { data, errors } = await gateway.ask(
      '{ node(id: "events/649332309") { ... on Event { action image { id } linode { id } } } }',
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ node: { action: 'image_delete', image: null, linode: null } });
  });
});

describe('the image of a Linode', () => {
  it('keeps its id when it is gone, without an error, and costs one list for all', async () => {
    const at = await startStack();
    const { data, errors } = await at.gateway.ask<{ linodes: { nodes: unknown[] } }>(
      '{ linodes { nodes { label imageId image { id } } } }',
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    expect(data.linodes.nodes).toContainEqual({
      label: 'web-1',
      imageId: 'private/23849731',
      image: { id: 'private/23849731' },
    });
    expect(data.linodes.nodes).toContainEqual({ label: 'archive', imageId: 'private/23100007', image: null });
    expect(data.linodes.nodes).toContainEqual({ label: 'scratch', imageId: null, image: null });
    expect(callsOf(at)).toEqual(['GET /images', 'GET /linode/instances']);
  });

  it('is viewed where lists are used up', async () => {
    const at = await startStack();
    at.linode.fault({ path: '/images', status: 429, headers: { 'retry-after': '60' } });
    const { data, errors } = await at.gateway.ask<{ linodes: { nodes: { image: unknown }[] } }>(
      '{ linodes(filter: { tag: "prod" }) { nodes { image { id } } } }',
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    expect(data.linodes.nodes.map(({ image }) => image)).toEqual([
      { id: 'private/23849731' },
      { id: 'private/23849731' },
      { id: 'private/23851696' },
    ]);
  });
});
