import { describe, expect, it } from '@jest/globals';
import { startStack } from '../../support/stack.js';
import { IMAGE_FIELDS } from '../../support/imageFields.js';

const ID = 'private/23849731';
const PUT = 'PUT /images/private%2F23849731';

interface Payload {
  it: {
    image?: Record<string, unknown> | null;
    deletedImageId?: string | null;
    uploadTo?: string | null;
    expiresAt?: string | null;
    userErrors: { code: string; message: string; field: string[] | null }[];
  } | null;
}

const documentOf = (name: string, fields: string) => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  return `mutation ($input: ${type}!) { it: ${name}(input: $input) { ${fields} userErrors { code message field } } }`;
};
const IMAGE = `image { ${IMAGE_FIELDS} }`;
const CREATE = documentOf('createImage', IMAGE);
const UPDATE = documentOf('updateImage', IMAGE);
const DELETE = documentOf('deleteImage', 'deletedImageId');
const UPLOAD = documentOf('initiateImageUpload', `${IMAGE} uploadTo expiresAt`);

/** A mutation by alice, and what it sent upstream. */
async function run(document: string, input: object, token = 'alice-full') {
  const { linode, gateway, clock } = await startStack();
  const answer = await gateway.ask<Payload>(document, { token, variables: { input } });
  expect(answer.errors).toEqual([]);
  const sent = () =>
    linode.requests.map(({ line, body }) => [line, body === '' ? null : (JSON.parse(body) as unknown)]);
  return { linode, gateway, clock, it: answer.data.it, sent };
}

/** The first of alice's disks. */
async function diskOf(linode: { url: string }): Promise<{ linodeId: number; diskId: number }> {
  const headers = { authorization: 'Bearer alice-full' };
  const read = async (path: string) =>
    ((await (await fetch(linode.url + path, { headers })).json()) as { data: { id: number }[] }).data[0]
      ?.id ?? 0;
  const linodeId = await read('/linode/instances');
  return { linodeId, diskId: await read(`/linode/instances/${linodeId}/disks`) };
}

describe('createImage', () => {
  it('captures a disk, by its number or its global id', async () => {
    const { linode, gateway } = await startStack();
    const { linodeId, diskId } = await diskOf(linode);
    linode.clearRequests();
    const input = {
      diskId: `linodes/${linodeId}/disks/${diskId}`,
      label: 'golden',
      description: 'ours',
      cloudInit: true,
    };
    const { data } = await gateway.ask<Payload>(CREATE, { token: 'alice-full', variables: { input } });
    expect(data.it?.image).toMatchObject({
      label: 'golden',
      description: 'ours',
      status: 'CREATING',
      type: 'MANUAL',
      createdBy: 'alice',
      isPublic: false,
      capabilities: ['cloud-init'],
      uploadExpiresAt: null,
    });
    expect(data.it?.userErrors).toEqual([]);
    expect(linode.requests).toMatchObject([{ line: 'POST /images' }]);
    expect(JSON.parse(linode.requests[0]?.body ?? '')).toEqual({
      disk_id: diskId,
      label: 'golden',
      description: 'ours',
      cloud_init: true,
    });
  });

  it('sends nothing of what is absent, null or an empty description', async () => {
    const { sent } = await run(CREATE, { diskId: '77', label: null, description: '', cloudInit: null });
    expect(sent()).toEqual([['POST /images', { disk_id: 77 }]]);
  });

  it('finds no such disk', async () => {
    const { it } = await run(CREATE, { diskId: '77' });
    expect(it).toEqual({
      image: null,
      userErrors: [{ code: 'NOT_FOUND', message: 'Not found', field: ['input', 'diskId'] }],
    });
  });

  it('meets a CONFLICT where the Linode is busy', async () => {
    const { linode, gateway } = await startStack();
    const input = { diskId: String((await diskOf(linode)).diskId) };
    const ask = () => gateway.ask<Payload>(CREATE, { token: 'alice-full', variables: { input } });
    expect((await ask()).data.it?.userErrors).toEqual([]);
    expect((await ask()).data.it).toEqual({
      image: null,
      userErrors: [{ code: 'CONFLICT', message: 'Linode busy.', field: null }],
    });
  });

  it('tells of each field that is wrong, in our names', async () => {
    const { linode, gateway } = await startStack();
    linode.fault({
      status: 400,
      body: {
        errors: [
          { reason: 'a', field: 'disk_id' },
          { reason: 'b', field: 'cloud_init' },
          { reason: 'c', field: 'label' },
          { reason: 'd', field: 'description' },
          { reason: 'e', field: 'region' },
          { reason: 'f', field: 'X-Filter' },
          { reason: 'g', field: 'label.0' },
          { reason: 'h' },
          { reason: 'i', field: 'toString' },
        ],
      },
    });
    const { data, errors } = await gateway.ask<Payload>(CREATE, {
      token: 'alice-full',
      variables: { input: { diskId: '1' } },
    });
    expect(errors).toEqual([]);
    expect(
      data.it?.userErrors.map(({ code, message, field }) => [code, message, field?.join('.') ?? null]),
    ).toEqual([
      ['INVALID', 'a', 'input.diskId'],
      ['INVALID', 'b', 'input.cloudInit'],
      ['INVALID', 'c', 'input.label'],
      ['INVALID', 'd', 'input.description'],
      ['INVALID', 'e', 'input.region'],
      ['INVALID', 'f', null],
      ['INVALID', 'g', 'input.label'],
      ['INVALID', 'h', null],
      ['INVALID', 'i', null],
    ]);
  });

  it.each([
    ['HTML', '<html>400</html>'],
    ['an empty list', { errors: [] }],
    ['no list', { errors: 'none' }],
    ['entries of no shape', { errors: [null, 7, {}] }],
    ['nothing', ''],
  ])('takes a 400 of something in front of Linode for no refusal: %s', async (_, body) => {
    const { linode, gateway } = await startStack();
    linode.fault({ status: 400, body });
    const { data, errors } = await gateway.ask<Payload>(CREATE, {
      token: 'alice-full',
      variables: { input: { diskId: '1' } },
    });
    expect(data.it).toBeNull();
    expect(errors).toMatchObject([
      { path: ['it'], extensions: { code: 'UPSTREAM_UNAVAILABLE', outcome: 'unknown' } },
    ]);
  });
});

describe('updateImage', () => {
  it.each<[string, object, object]>([
    ['null as one space', { description: null }, { description: ' ' }],
    ['an empty description as one space', { description: '' }, { description: ' ' }],
    ['only what is given', { label: 'new' }, { label: 'new' }],
    ['both', { label: 'new', description: 'text' }, { label: 'new', description: 'text' }],
    ['nothing', {}, {}],
  ])('sends %s', async (_, given, body) => {
    const { sent, it } = await run(UPDATE, { id: ID, ...given });
    expect(sent()).toEqual([[PUT, body]]);
    expect(it?.userErrors).toEqual([]);
  });

  it('clears the description, and leaves the label', async () => {
    const { it, linode } = await run(UPDATE, { id: ID, description: null });
    expect(it?.image).toMatchObject({ id: ID, label: 'web-golden', description: null });
    expect(linode.image(ID)).toMatchObject({ label: 'web-golden', description: ' ' });
  });

  it('refuses to clear the label, before any call', async () => {
    const { it, sent } = await run(UPDATE, { id: ID, label: null, description: 'x' });
    expect(it).toMatchObject({ image: null, userErrors: [{ code: 'INVALID', field: ['input', 'label'] }] });
    expect(sent()).toEqual([]);
  });

  it('tells of all that it refuses itself', async () => {
    const { it, sent } = await run(UPDATE, { id: '../account', label: null });
    expect(it?.userErrors.map(({ field }) => field)).toEqual([
      ['input', 'id'],
      ['input', 'label'],
    ]);
    expect(sent()).toEqual([]);
  });

  it.each(['', 'x'.repeat(51)])('passes on what Linode says of the label "%s"', async (label) => {
    const { it } = await run(UPDATE, { id: ID, label });
    expect(it).toEqual({
      image: null,
      userErrors: [{ code: 'INVALID', message: 'Length must be 1-50 characters', field: ['input', 'label'] }],
    });
  });

  it('finds neither what is not there nor what is another’s', async () => {
    for (const id of ['private/1', 'private/23700011']) {
      const { it } = await run(UPDATE, { id, label: 'mine' });
      expect(it).toEqual({
        image: null,
        userErrors: [{ code: 'NOT_FOUND', message: 'Not found', field: ['input', 'id'] }],
      });
    }
  });

  it('passes text of any script byte for byte', async () => {
    const { it, sent } = await run(UPDATE, { id: ID, label: 'größe 東京 🐧', description: '\u0001"\\\n' });
    expect(sent()).toEqual([[PUT, { label: 'größe 東京 🐧', description: '\u0001"\\\n' }]]);
    expect(it?.image).toMatchObject({ label: 'größe 東京 🐧', description: '\u0001"\\\n' });
  });
});

describe('deleteImage', () => {
  it('deletes once', async () => {
    const { it, linode, gateway, sent } = await run(DELETE, { id: ID });
    expect(it).toEqual({ deletedImageId: ID, userErrors: [] });
    expect(linode.image(ID)).toBeUndefined();
    const again = await gateway.ask<Payload>(DELETE, {
      token: 'alice-full',
      variables: { input: { id: ID } },
    });
    expect(again.data.it).toEqual({
      deletedImageId: null,
      userErrors: [{ code: 'NOT_FOUND', message: 'Not found', field: ['input', 'id'] }],
    });
    expect(sent()).toEqual([
      ['DELETE /images/private%2F23849731', null],
      ['DELETE /images/private%2F23849731', null],
    ]);
  });
});

describe('initiateImageUpload', () => {
  it('gives the place for the bytes, and when it closes', async () => {
    const { it, linode, sent } = await run(UPLOAD, {
      label: 'up',
      region: 'regions/us-east',
      cloudInit: false,
    });
    expect(it?.userErrors).toEqual([]);
    expect(it?.image).toMatchObject({
      label: 'up',
      status: 'PENDING_UPLOAD',
      size: 0,
      description: null,
      created: '2024-05-20T12:00:00Z',
      uploadExpiresAt: '2024-05-21T12:00:00Z',
    });
    expect(it?.expiresAt).toBe('2024-05-21T12:00:00Z');
    expect(sent()).toEqual([['POST /images/upload', { label: 'up', region: 'us-east', cloud_init: false }]]);
    const put = await fetch(it?.uploadTo ?? '', {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: 'bytes',
    });
    expect(put.status).toBe(200);
    expect(linode.count(/^PUT \/uploads\//)).toBe(1);
  });

  it('tells of a region that is none', async () => {
    const { it } = await run(UPLOAD, { label: 'up', region: 'mars-1' });
    expect(it).toEqual({
      image: null,
      uploadTo: null,
      expiresAt: null,
      userErrors: [{ code: 'INVALID', message: 'region is not valid', field: ['input', 'region'] }],
    });
  });
});

describe('text that cannot be stored as it is', () => {
  const MESSAGE = 'Text must not contain NUL characters or unpaired surrogates';
  const BAD: [string, string][] = [
    ['a NUL character', 'a\0b'],
    ['a NUL character alone', '\0'],
    ['a high surrogate', 'a\ud800b'],
    ['a high surrogate at the end', 'a\udbff'],
    ['a low surrogate', '\udc00b'],
    ['surrogates in the wrong order', '\udc00\ud800'],
    ['a pair and one more', '\u{1f600}\ud83d'],
  ];
  const GOOD = ['\u{1f600}', '\uffff', '\u0001', '\ue000', 'e\u0301', '\u{10ffff}'];

  it.each(BAD)('is INVALID in every mutation, before any call: %s', async (_, text) => {
    const { linode, gateway } = await startStack();
    const ask = async (document: string, input: object) => {
      const { data, errors } = await gateway.ask<Payload>(document, {
        token: 'alice-full',
        variables: { input },
      });
      expect(errors).toEqual([]);
      return data.it?.userErrors;
    };
    const invalid = (...fields: string[]) =>
      fields.map((field) => ({ code: 'INVALID', message: MESSAGE, field: ['input', field] }));
    expect(await ask(CREATE, { diskId: '1', label: text, description: text })).toEqual(
      invalid('label', 'description'),
    );
    expect(await ask(UPDATE, { id: ID, label: text })).toEqual(invalid('label'));
    expect(await ask(UPDATE, { id: ID, description: text })).toEqual(invalid('description'));
    expect(await ask(UPLOAD, { label: 'a', region: text, description: text })).toEqual(
      invalid('region', 'description'),
    );
    expect(linode.requests).toEqual([]);
  });

  it.each(GOOD)('is not %j, which is passed on', async (text) => {
    const { sent } = await run(UPDATE, { id: ID, description: text });
    expect(sent()).toEqual([[PUT, { description: text }]]);
  });
});

describe('several mutations of one operation', () => {
  it('are sent one after the other, in their order', async () => {
    const { linode, gateway } = await startStack();
    const aliases = Array.from(
      { length: 8 },
      (_, i) => `m${i}: updateImage(input: { id: "${ID}", label: "l${i}" }) { image { label } }`,
    );
    const { data } = await gateway.ask(`mutation { ${aliases.join(' ')} }`, { token: 'alice-full' });
    expect(data).toEqual(Object.fromEntries(aliases.map((_, i) => [`m${i}`, { image: { label: `l${i}` } }])));
    expect(linode.requests.map(({ body }) => (JSON.parse(body) as { label: string }).label)).toEqual(
      aliases.map((_, i) => `l${i}`),
    );
  });
});
