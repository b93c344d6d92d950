import { expect, it } from '@jest/globals';
import { loadOpenApi } from '../support/openapi.js';
import { describeWithEnv, startTestSandbox, type Call, type Page } from './harness.js';

interface Property {
  [key: string]: unknown;
}
interface Document {
  components: { schemas: { [name: string]: { properties: { [name: string]: Property } } } };
}

/** Errors of the document, as recorded responses show. */
const KNOWN_ERRORS: { schema: string; property: string; reason: string; change: Property }[] = [
  { schema: 'Image', property: 'updated', reason: 'null on automatic images', change: { nullable: true } },
  { schema: 'Image', property: 'created_by', reason: 'null on automatic images', change: { nullable: true } },
  { schema: 'Image', property: 'description', reason: '"" where none was given', change: { minLength: 0 } },
  {
    schema: 'Linode',
    property: 'label',
    reason: 'the pattern forbids any two characters',
    change: { pattern: '' },
  },
  { schema: 'Linode', property: 'host_uuid', reason: '40 digits, not a UUID', change: { format: 'any' } },
  {
    schema: 'Linode',
    property: 'backups',
    reason: 'last_successful is null until there was one',
    change: { properties: { last_successful: { type: 'string', nullable: true } } },
  },
];

function correct(document: Document): void {
  for (const { schema, property, change } of KNOWN_ERRORS) {
    Object.assign(document.components.schemas[schema]?.properties[property] ?? {}, change);
  }
}

describeWithEnv('LINODE_OPENAPI', 'the specification holds for', (file) => {
  const strict = loadOpenApi<Document>(file, () => undefined);
  const corrected = loadOpenApi<Document>(file, correct);
  // The document requires no property and forbids none: check for exactly its properties.
  const complete = loadOpenApi<Document>(file, (document) => {
    correct(document);
    const image = document.components.schemas['Image'];
    Object.assign(image ?? {}, {
      required: Object.keys(image?.properties ?? {}),
      additionalProperties: false,
    });
  });

  async function check(line: string, template: string, path: string, given: Call = {}): Promise<void> {
    const { call } = await startTestSandbox({ api: '4.176' });
    const reply = await call(path, { method: line, ...given });
    expect(reply.status).toBe(200);
    expect(corrected.errorsOf(line, template, reply.body)).toEqual([]);
    expect(complete.errorsOf(line, template, reply.body)).toEqual([]);
  }

  it('GET /images', () => check('GET', '/images', '/images'));
  it('GET /images of nothing', () => check('GET', '/images', '/images', { filter: { label: 'none' } }));
  it('GET /images without a token', () => check('GET', '/images', '/images', { token: null }));
  it('POST /images', () => check('POST', '/images', '/images', { body: { disk_id: 54_933_906 * 2 } }));
  it('POST /images/upload', () =>
    check('POST', '/images/upload', '/images/upload', { body: { label: 'x', region: 'us-east' } }));
  it('GET /images/{imageId}', () => check('GET', '/images/{imageId}', '/images/private%2F23849498'));
  it('PUT /images/{imageId}', () =>
    check('PUT', '/images/{imageId}', '/images/private%2F23849731', {
      body: { label: 'x', description: ' ' },
    }));
  it('DELETE /images/{imageId}', () => check('DELETE', '/images/{imageId}', '/images/private%2F23849731'));
  it('GET /regions', () => check('GET', '/regions', '/regions'));
  it('GET /linode/instances', () => check('GET', '/linode/instances', '/linode/instances'));
  it('GET /linode/instances/{linodeId}/disks', () =>
    check('GET', '/linode/instances/{linodeId}/disks', '/linode/instances/54933906/disks'));
  it('GET /account/users/{username}', () =>
    check('GET', '/account/users/{username}', '/account/users/alice'));
  it('GET /profile', () => check('GET', '/profile', '/profile'));

  it('a wrong response is detected', async () => {
    const { call } = await startTestSandbox({ api: '4.176' });
    const { body } = await call<{ [key: string]: unknown }>('/images/linode%2Fdebian12');
    const view = ['GET', '/images/{imageId}'] as const;
    expect(corrected.errorsOf(...view, { ...body, size: '1500' })).toEqual(['/size must be integer']);
    expect(corrected.errorsOf(...view, { ...body, created: 'yesterday' })).toHaveLength(1);
    expect(complete.errorsOf(...view, { ...body, tags: [] })).toHaveLength(1);
  });

  it('automatic images violate the uncorrected document', async () => {
    const { call } = await startTestSandbox({ api: '4.176' });
    const { body } =
      await call<Page<{ updated: string | null; created_by: string | null; description: string }>>('/images');
    const automatic = body.data.find((image) => image.updated === null);
    expect(strict.errorsOf('GET', '/images/{imageId}', automatic)).toEqual([
      '/updated must be string',
      '/created_by must be string',
      '/description must NOT have fewer than 1 characters',
    ]);
  });
});
