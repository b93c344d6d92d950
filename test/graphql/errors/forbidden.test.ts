import { describe, expect, it } from '@jest/globals';
import { startStack } from '../../support/stack.js';

const GRANT = 'The token has the scopes for this, but its user lacks a grant';
const SCOPE_REASON = 'Your OAuth token is not authorized to use this endpoint.';

interface Refusal {
  status: 401 | 403;
  reason?: string;
  required?: string;
  granted?: string;
}
/** The error of a write that Linode refuses so. */
async function errorOf({ status, reason = 'Unauthorized', required, granted }: Refusal) {
  const { linode, gateway } = await startStack();
  linode.fault({
    method: 'DELETE',
    status,
    body: { errors: [{ reason }] },
    headers: {
      ...(required !== undefined && { 'X-Accepted-OAuth-Scopes': required }),
      ...(granted !== undefined && { 'X-OAuth-Scopes': granted }),
    },
  });
  const mutation = 'mutation { deleteImage(input: { id: "private/1" }) { deletedImageId } }';
  const { errors } = await gateway.ask(mutation, { token: 'alice-full' });
  expect(errors).toHaveLength(1);
  return { message: errors[0]?.message, extensions: errors[0]?.extensions };
}

describe('FORBIDDEN', () => {
  it.each<Refusal>([
    { status: 403, required: 'images:read_write', granted: '*' },
    { status: 403, required: 'images:read_write', granted: 'images:read_write' },
    { status: 403, required: 'images:read_only', granted: 'images:read_write' },
    { status: 403, required: 'images:read_write', granted: 'linodes:read_only, images:*' },
    {
      status: 403,
      required: 'images:read_write linodes:read_only',
      granted: 'linodes:read_write,images:read_write',
    },
    { status: 403, required: '*', granted: 'events:read_only' },
  ])('names a missing grant, and no scopes, where the token has them: %j', async (refusal) => {
    const { message, extensions } = await errorOf(refusal);
    expect(message).toBe(`Linode responded with 403: Unauthorized. ${GRANT}`);
    expect(extensions).toMatchObject({
      code: 'FORBIDDEN',
      upstream: { status: 403, reasons: ['Unauthorized'] },
    });
    expect(Object.keys(extensions ?? {})).not.toContain('requiredScopes');
    expect(Object.keys(extensions ?? {})).not.toContain('grantedScopes');
  });

  it.each<[Refusal, string[], string[]]>([
    [
      { status: 403, required: 'images:read_write', granted: 'images:read_only' },
      ['images:read_write'],
      ['images:read_only'],
    ],
    [
      { status: 403, required: 'images:read_write', granted: 'linodes:*' },
      ['images:read_write'],
      ['linodes:*'],
    ],
    [
      { status: 403, required: 'images:read_write linodes:read_only', granted: 'images:read_write' },
      ['images:read_write', 'linodes:read_only'],
      ['images:read_write'],
    ],
    [
      { status: 403, required: 'imagesx:read_only', granted: 'images:read_only' },
      ['imagesx:read_only'],
      ['images:read_only'],
    ],
    [
      { status: 401, reason: SCOPE_REASON, required: 'images:read_write', granted: 'images:read_only' },
      ['images:read_write'],
      ['images:read_only'],
    ],
  ])('lists the scopes where one is missing: %j', async (refusal, requiredScopes, grantedScopes) => {
    const { message, extensions } = await errorOf(refusal);
    expect(message).not.toContain('grant');
    expect(extensions).toMatchObject({ code: 'FORBIDDEN', requiredScopes, grantedScopes });
  });

  it.each<Refusal>([
    { status: 403 },
    { status: 403, required: '*' },
    {
      status: 403,
      required: 'images:read_write',
      granted: '*',
      reason: 'Your account must be activated before you can use this endpoint',
    },
  ])('claims nothing that Linode does not say: %j', async (refusal) => {
    const { message, extensions } = await errorOf(refusal);
    expect(message).toBe(`Linode responded with 403: ${refusal.reason ?? 'Unauthorized'}`);
    expect(Object.keys(extensions ?? {}).sort()).toEqual(['code', 'requestId', 'upstream']);
  });

  it('tells a restricted user of the sandbox that it lacks a grant, but not for a public image', async () => {
    const { gateway } = await startStack();
    const remove = async (id: string, token: string) =>
      (await gateway.ask(`mutation { deleteImage(input: { id: "${id}" }) { deletedImageId } }`, { token }))
        .errors[0];
    const own = await gateway.ask<{ images: { nodes: { id: string }[] } }>(
      '{ images(filter: { type: [MANUAL], isPublic: false }) { nodes { id } } }',
      { token: 'alice-full' },
    );
    const id = own.data.images.nodes[0]?.id ?? '';
    expect((await remove(id, 'carol-restricted'))?.message).toContain(GRANT);
    expect((await remove('linode/debian12', 'alice-full'))?.message).toBe(
      'Linode responded with 403: Unauthorized',
    );
  });
});
