import { describe, expect, it } from '@jest/globals';
import { imagePermissions } from '../../../src/graphql/models/permissions.js';
import { startStack, type Stack } from '../../support/stack.js';

const GRANTS = /^GET \/profile\/grants$/;
const PROFILE =
  '{ profile { user { username email restricted } timezone userType can { createImage uploadImage createLinode } } }';
const CAN = 'viewerCan { update replicate delete deploy }';

const all = (allowed: boolean) => ({ update: allowed, replicate: allowed, delete: allowed, deploy: allowed });

/** The permissions of images, by ID. */
async function permissionsOf({ gateway }: Stack, token: string | null, ids: readonly string[]) {
  const { data, errors } = await gateway.ask<{ nodes: ({ id: string; viewerCan: unknown } | null)[] }>(
    `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Image { ${CAN} } } }`,
    { token, variables: { ids } },
  );
  return { errors, can: Object.fromEntries(data.nodes.map((node) => [node?.id, node?.viewerCan])) };
}

describe('profile', () => {
  it('is that of the token’s user, with what the user may do', async () => {
    const { gateway, linode } = await startStack({ sandbox: { api: 'latest' } });
    const { data, errors } = await gateway.ask(PROFILE, { token: 'alice-full' });
    expect(errors).toEqual([]);
    expect(data).toEqual({
      profile: {
        user: { username: 'alice', email: 'alice@example.com', restricted: false },
        timezone: 'America/New_York',
        userType: 'default',
        can: { createImage: true, uploadImage: true, createLinode: true },
      },
    });
    expect(linode.requests.map(({ line }) => line)).toEqual(['GET /profile', 'GET /profile/grants']);
    await gateway.ask(PROFILE, { token: 'alice-full' });
    expect(linode.requests).toHaveLength(2);
  });

  it('says what a restricted user may not do', async () => {
    const { gateway } = await startStack({ sandbox: { api: 'latest' } });
    const { data } = await gateway.ask(PROFILE, { token: 'carol-restricted' });
    expect(data).toMatchObject({
      profile: {
        user: { username: 'carol', restricted: true },
        timezone: 'Europe/Berlin',
        can: { createImage: false, uploadImage: false, createLinode: false },
      },
    });
  });

  it('asks for no grants that are not selected, and for one profile beside the viewer', async () => {
    const { gateway, linode } = await startStack({ sandbox: { api: 'latest' } });
    const { data } = await gateway.ask('{ profile { timezone } viewer { username } }', {
      token: 'alice-full',
    });
    expect(data).toEqual({ profile: { timezone: 'America/New_York' }, viewer: { username: 'alice' } });
    expect(linode.requests.map(({ line }) => line)).toEqual(['GET /profile']);
  });

  it('of v4.176 has no type of user', async () => {
    const { gateway } = await startStack({ sandbox: { api: '4.176' } });
    const { data, errors } = await gateway.ask(PROFILE, { token: 'alice-full' });
    expect(errors).toEqual([]);
    expect(data).toMatchObject({ profile: { userType: null, timezone: 'America/New_York' } });
  });

  it('loses what the user may do, and nothing else, where the grants fail', async () => {
    const { gateway, linode } = await startStack({ sandbox: { api: 'latest' } });
    linode.fault({ path: '/profile/grants', status: 500 });
    const { data, errors } = await gateway.ask(PROFILE, { token: 'alice-full' });
    expect(data).toMatchObject({ profile: { timezone: 'America/New_York', can: null } });
    expect(errors).toMatchObject([
      { path: ['profile', 'can'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
  });

  it('needs a token', async () => {
    const { gateway, linode } = await startStack({ sandbox: { api: 'latest' } });
    const { data, errors } = await gateway.ask(PROFILE);
    expect(data).toEqual({ profile: null });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(linode.requests).toEqual([]);
  });
});

describe('viewerCan', () => {
  it('lets an unrestricted user do everything with own images, and deploy all others', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    stack.linode.putImage('alice-full', { id: 'shared/7', type: 'shared', is_public: false });
    const { can, errors } = await permissionsOf(stack, 'alice-full', [
      'private/23849731',
      'private/23849498',
      'linode/debian12',
      'shared/7',
    ]);
    expect(errors).toEqual([]);
    const deployOnly = { ...all(false), deploy: true };
    expect(can).toEqual({
      'private/23849731': all(true),
      'private/23849498': all(true),
      'linode/debian12': deployOnly,
      'shared/7': deployOnly,
    });
    expect(stack.linode.count(GRANTS)).toBe(1);
  });

  it('follows the grants of a restricted user, by one call for all images and roots', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const { gateway, linode } = stack;
    const { data, errors } = await gateway.ask<{
      images: { nodes: { id: string; viewerCan: unknown }[] };
      one: { viewerCan: unknown };
    }>(
      `{ images(filter: { id: ["private/23849731", "private/23912044", "linode/debian12"] }) { nodes { id ${CAN} } }
         one: image(id: "private/23912044") { ${CAN} } }`,
      { token: 'carol-restricted' },
    );
    expect(errors).toEqual([]);
    const written = { ...all(true), deploy: false };
    expect(Object.fromEntries(data.images.nodes.map(({ id, viewerCan }) => [id, viewerCan]))).toEqual({
      'private/23849731': all(false),
      'private/23912044': written,
      'linode/debian12': all(false),
    });
    expect(data.one.viewerCan).toEqual(written);
    expect(linode.count(GRANTS)).toBe(1);
  });

  it.each([
    [{ add_linodes: true }, 'read_only', { ...all(false), deploy: true }],
    [{ add_linodes: true }, 'read_write', all(true)],
    [{ add_linodes: true }, null, all(false)],
    [{ add_linodes: false }, 'read_write', { ...all(true), deploy: false }],
  ])('takes grants %j and %j for %j', async (global, permissions, expected) => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const body = { global, image: [{ id: 23912044, label: 'web-golden', permissions }] };
    stack.linode.fault({ path: '/profile/grants', body });
    const { can, errors } = await permissionsOf(stack, 'carol-restricted', ['private/23912044']);
    expect(errors).toEqual([]);
    expect(can['private/23912044']).toEqual(expected);
  });

  it.each([
    ['alice-full', 'an unrestricted user', 0],
    ['carol-restricted', 'a restricted user', 1],
  ])('of %s, by the profile that is cached %s, costs calls of grants: %s', async (token, _, calls) => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    await stack.gateway.ask('{ viewer { username } }', { token });
    const { can, errors } = await permissionsOf(stack, token, ['private/23849731']);
    expect(errors).toEqual([]);
    expect(can['private/23849731']).toMatchObject({ update: calls === 0 });
    expect(stack.linode.count(GRANTS)).toBe(calls);
    // The profile expires, and then the user may have become restricted.
    stack.clock.advance(61_000);
    await permissionsOf(stack, token, ['private/23849731']);
    expect(stack.linode.count(GRANTS)).toBe(calls + 1);
  });

  it('is null, not false, where the grants do not name the image', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const body = { global: { add_images: true, add_linodes: true }, image: null };
    stack.linode.fault({ path: '/profile/grants', body });
    const { can, errors } = await permissionsOf(stack, 'carol-restricted', ['private/23912044']);
    expect(errors).toEqual([]);
    expect(can).toEqual({ 'private/23912044': null });
    const shared = { id: 'shared/7', isPublic: false, type: 'SHARED' } as const;
    expect(imagePermissions(shared, { global: body.global, imageGrant: () => undefined })).toBeNull();
  });

  it('is null without a token, without a call', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    const { can, errors } = await permissionsOf(stack, null, ['linode/debian12']);
    expect({ can, errors }).toEqual({ can: { 'linode/debian12': null }, errors: [] });
    expect(stack.linode.count(GRANTS)).toBe(0);
  });

  it('fails alone where the grants fail, for each image, by one call', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    stack.linode.fault({
      path: '/profile/grants',
      status: 403,
      body: { errors: [{ reason: 'Unauthorized' }] },
    });
    const { can, errors } = await permissionsOf(stack, 'alice-full', ['private/23849731', 'linode/debian12']);
    expect(can).toEqual({ 'private/23849731': null, 'linode/debian12': null });
    expect(errors.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
      [['nodes', 0, 'viewerCan'], 'FORBIDDEN'],
      [['nodes', 1, 'viewerCan'], 'FORBIDDEN'],
    ]);
    expect(stack.linode.count(GRANTS)).toBe(1);
  });
});
