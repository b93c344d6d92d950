import { describe, expect, it } from '@jest/globals';
import { linodeImage } from '../../src/linode/api/images.js';
import { pageOf } from '../../src/linode/api/page.js';

const WHOLE = {
  id: 'private/7',
  label: 'seven',
  description: 'text',
  created: '2024-05-20T12:00:00',
  updated: '2024-05-20T12:00:01',
  created_by: 'alice',
  is_public: false,
  deprecated: false,
  size: 1500,
  type: 'manual',
  status: 'available',
  capabilities: ['cloud-init'],
  vendor: 'Debian',
  expiry: '2024-06-20T12:00:00',
  eol: '2024-07-20T12:00:00',
  tags: ['db'],
  total_size: 3000,
  regions: [{ region: 'us-east', status: 'pending replication' }],
  is_shared: true,
  image_sharing: {
    shared_with: null,
    shared_by: { sharegroup_uuid: 'u', sharegroup_label: 'group', source_image_id: 'private/8' },
  },
};

const withoutKey = (object: object, key: string) =>
  Object.fromEntries(Object.entries(object).filter(([each]) => each !== key));

describe('an image off the wire', () => {
  it('is read whole, without unknown fields', () => {
    expect(linodeImage.parse({ ...WHOLE, color: 'blue' })).toEqual(WHOLE);
  });

  it.each([
    'description',
    'updated',
    'created_by',
    'vendor',
    'expiry',
    'eol',
    'total_size',
    'is_shared',
    'image_sharing',
  ])('whose %s is missing, null or of another kind has none', (key) => {
    const without = withoutKey(WHOLE, key);
    for (const image of [without, { ...WHOLE, [key]: null }, { ...WHOLE, [key]: -7 }]) {
      expect(linodeImage.parse(image)).toEqual({ ...WHOLE, [key]: null });
    }
  });

  it.each([
    ['2024-02-30T00:00:00'],
    ['2024-05-20'],
    ['2024-05-20T12:00:00 and more'],
    ['2024-05-20T24:00:00'],
    ['2024-05-20T12:00:00+99:00'],
    ['0000-00-00T00:00:00'],
    [''],
  ])('has no end of life at "%s", and can’t be created then', (time) => {
    expect(linodeImage.parse({ ...WHOLE, eol: time }).eol).toBeNull();
    expect(linodeImage.safeParse({ ...WHOLE, created: time }).success).toBe(false);
  });

  it.each(['2024-05-20T12:00:00Z', '2024-05-20T12:00:00+02:00', '2024-05-20T12:00:00.5'])(
    'may be created at %s',
    (created) => {
      expect(linodeImage.parse({ ...WHOLE, created })).toEqual({ ...WHOLE, created });
    },
  );

  it.each(['id', 'label', 'created', 'is_public', 'size', 'type', 'status'])(
    'is none without its %s',
    (key) => {
      const without = withoutKey(WHOLE, key);
      for (const image of [without, { ...WHOLE, [key]: null }, { ...WHOLE, [key]: {} }]) {
        expect(linodeImage.safeParse(image).success).toBe(false);
      }
    },
  );

  it('may say its size in digits', () => {
    expect(linodeImage.parse({ ...WHOLE, size: '1500' })).toEqual(WHOLE);
    for (const size of ['', '-1', '1.5', '1e3', -1, 1.5, '99999999999']) {
      expect(linodeImage.safeParse({ ...WHOLE, size }).success).toBe(false);
    }
  });
});

describe('what today’s API adds to an image', () => {
  it.each<[string, object, object]>([
    ['an `is_shared` of "none"', { is_shared: 'none' }, { is_shared: null }],
    ['regions of null', { regions: null }, { regions: null }],
    ['no regions key', { regions: undefined }, { regions: null }],
    ['no regions yet', { regions: [] }, { regions: [] }],
    [
      'a region without a status',
      { regions: [{ region: 'us-east' }] },
      { regions: [{ region: 'us-east', status: '' }] },
    ],
    ['no tags key', { tags: undefined }, { tags: [] }],
    [
      'a member’s image without its source',
      { image_sharing: { shared_by: { sharegroup_uuid: 'u', sharegroup_label: 'l' } } },
      {
        image_sharing: {
          shared_with: null,
          shared_by: { sharegroup_uuid: 'u', sharegroup_label: 'l', source_image_id: null },
        },
      },
    ],
    [
      'the count of share groups',
      { image_sharing: { shared_with: { sharegroup_count: 2, sharegroup_list_url: '/x' }, shared_by: null } },
      { image_sharing: { shared_with: { sharegroup_count: 2 }, shared_by: null } },
    ],
  ])('%s', (_, given, expected) => {
    expect(linodeImage.parse({ ...WHOLE, ...given })).toEqual({ ...WHOLE, ...expected });
  });

  it.each([[7], ['us-east'], [['us-east']], [[{ status: 'available' }]], [[{ region: '' }]]])(
    'regions of another shape, which are never taken for "everywhere": %j',
    (regions) => {
      expect(linodeImage.safeParse({ ...WHOLE, regions }).success).toBe(false);
    },
  );
});

describe('a page off the wire', () => {
  const page = pageOf(linodeImage);

  it('may be the empty page 0 of 0', () => {
    const empty = { data: [], page: 0, pages: 0, results: 0 };
    expect(page.safeParse(empty)).toMatchObject({ data: { ...empty, unreadable: [] } });
  });

  it.each(['data', 'page', 'pages', 'results'])('is none without its %s', (key) => {
    const whole: Record<string, unknown> = { data: [WHOLE], page: 1, pages: 1, results: 1 };
    expect(page.safeParse(whole).success).toBe(true);
    expect(page.safeParse(withoutKey(whole, key)).success).toBe(false);
  });
});
