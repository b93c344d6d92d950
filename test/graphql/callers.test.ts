import { request as httpRequest } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { startStack } from '../support/stack.js';
import { IMAGE_FIELDS } from '../support/imageFields.js';

interface Images {
  images: { totalCount: number; nodes: { id: string; isPublic: boolean }[] };
}

const ALL = `{ images(first: 500) { totalCount nodes { ${IMAGE_FIELDS} } } }`;

describe('two callers interleaved in parallel', () => {
  it('never see each other’s images in 600 operations of all kinds', async () => {
    const { linode, gateway } = await startStack();
    const own = {
      'alice-full': linode.images('alice-full').filter((image) => !image.is_public),
      'bob-full': linode.images('bob-full').filter((image) => !image.is_public),
    };
    const ids = [...own['alice-full'], ...own['bob-full']].map(({ id }) => id);
    const queries = [
      () => ALL,
      (i: number) => `{ image(id: "${ids[i % ids.length]}") { ${IMAGE_FIELDS} } }`,
      () => `{ nodes(ids: ${JSON.stringify(ids)}) { id ... on Image { label description } } }`,
      () => '{ images(filter: { isPublic: false }, orderBy: [{ field: SIZE }]) { nodes { id label } } }',
      (i: number) => `{ node(id: "${ids[(i * 7) % ids.length]}") { id ... on Image { label } } }`,
      (i: number) =>
        `{ images(last: 5, before: null, filter: { label: { contains: "${'abe'[i % 3]}" } }) { nodes { id label } } }`,
    ];
    const marksOf = (token: keyof typeof own) =>
      own[token].flatMap(({ id, label }) => [`"${id}"`, `"${label}"`]);
    const foreign = { 'alice-full': marksOf('bob-full'), 'bob-full': marksOf('alice-full') };

    const seen = await Promise.all(
      Array.from({ length: 600 }, async (_, i) => {
        const token = i % 2 ? 'alice-full' : 'bob-full';
        const query = queries[i % queries.length]?.(i) ?? '';
        const headers: Record<string, string> = i % 11 === 0 ? { 'cache-control': 'no-cache' } : {};
        const { body, errors } = await gateway.ask(query, { token, headers });
        expect(errors.filter(({ extensions }) => extensions['code'] !== 'RATE_LIMITED')).toEqual([]);
        for (const mark of foreign[token]) expect(body).not.toContain(mark);
        return body;
      }),
    );
    for (const { id } of [...own['alice-full'], ...own['bob-full']]) {
      expect(seen.some((body) => body.includes(`"${id}"`))).toBe(true);
    }
    for (const { token, path } of linode.requests) {
      expect(path).toMatch(/^\/images(\/|$)/);
      expect(['alice-full', 'bob-full']).toContain(token);
    }
  });

  it('can’t tell another’s image from one that there is not', async () => {
    const { gateway } = await startStack();
    const ask = async (id: string) => {
      const { data, errors } = await gateway.ask(
        `mutation { updateImage(input: { id: "${id}", label: "x" }) { image { id } userErrors { code message field } } }`,
        { token: 'alice-full' },
      );
      const read = await gateway.ask(`{ image(id: "${id}") { id } node(id: "${id}") { id } }`, {
        token: 'alice-full',
      });
      return { data, errors, read: [read.data, read.errors, read.extensions] };
    };
    expect(await ask('private/23700011')).toEqual(await ask('private/1'));
  });
});

describe('the anonymous caller', () => {
  it('sees public images only', async () => {
    const { linode, gateway } = await startStack();
    await gateway.ask(ALL, { token: 'alice-full' });
    const { data, errors } = await gateway.ask<Images>(ALL);
    expect(errors).toEqual([]);
    expect(data.images.totalCount).toBe(39);
    expect(data.images.nodes.every(({ id, isPublic }) => isPublic && id.startsWith('linode/'))).toBe(true);
    expect(linode.requests.at(-1)?.token).toBeNull();
  });

  it('needs a token for a private image, and fails without a call', async () => {
    const { linode, gateway } = await startStack();
    const { data, errors } = await gateway.ask(
      '{ a: image(id: "private/23849731") { id } b: image(id: "linode/arch") { id } }',
    );
    expect(data).toEqual({ a: null, b: { id: 'linode/arch' } });
    expect(errors).toMatchObject([{ path: ['a'], extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(linode.requests.map(({ line }) => line)).toEqual(['GET /images/linode%2Farch']);
  });
});

describe('a token', () => {
  it('that Linode does not know is UNAUTHENTICATED', async () => {
    const { linode, gateway } = await startStack();
    const { data, errors } = await gateway.ask(
      '{ images { totalCount } image(id: "private/1") { id } node(id: "linode/arch") { id } }',
      { token: 'unknown' },
    );
    expect(data).toEqual({ images: null, image: null, node: null });
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(Array(3).fill('UNAUTHENTICATED'));
    expect(linode.requests.every(({ token }) => token === 'unknown')).toBe(true);
  });

  it('travels as it came, to Linode alone', async () => {
    const { linode, gateway } = await startStack();
    const token = 'Az09-._~+/==';
    linode.addAccount({ tokens: [{ token, username: 'z', scopes: '*' }] });
    const answer = await gateway.ask(ALL, {
      headers: {
        authorization: `bearer   ${token}`,
        'x-explain': '1',
        cookie: 'session=1',
        'x-forwarded-for': '1.2.3.4',
      },
    });
    expect(answer.errors).toEqual([]);
    const headers = linode.requests[0]?.headers ?? {};
    expect(headers['authorization']).toBe(`Bearer ${token}`);
    expect(Object.keys(headers).sort()).toEqual([
      'accept',
      'authorization',
      'connection',
      'host',
      'user-agent',
    ]);
    const told = [answer.body, ...gateway.operations, ...gateway.upstreamCalls].map((each) =>
      JSON.stringify(each),
    );
    expect(told.filter((text) => text.includes(token))).toEqual([]);
  });
});

describe('an Authorization header', () => {
  it.each([
    ['another scheme', 'Basic YWxpY2U6ZnVsbA=='],
    ['no scheme', 'alice-full'],
    ['no token', 'Bearer'],
    ['an empty token', 'Bearer   '],
    ['two tokens', 'Bearer alice-full bob-full'],
    ['a list', 'Bearer alice-full, Bearer bob-full'],
    ['quotes', 'Bearer "alice-full"'],
    ['a byte beyond ASCII', 'Bearer alicé'],
    ['signs that no token holds', 'Bearer alice%full'],
    ['5,000 characters', `Bearer ${'x'.repeat(5000)}`],
  ])('that holds %s is refused, and nothing is asked', async (_, authorization) => {
    const { linode, gateway } = await startStack();
    const answer = await send(gateway.url, authorization);
    expect(answer.status).toBe(401);
    expect(answer.body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(JSON.stringify(answer.body)).not.toContain('alice-full');
    expect(linode.requests).toEqual([]);
    expect(gateway.bugs).toEqual([]);
  });

  it('that is empty counts as none', async () => {
    const { gateway } = await startStack();
    expect((await send(gateway.url, '')).status).toBe(200);
  });
});

/** With Node's own client, which sends what `fetch` would refuse to. */
function send(url: string, authorization: string): Promise<{ status: number; body: { errors?: unknown[] } }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json', authorization } },
      (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as { errors?: unknown[] } });
        });
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify({ query: '{ images { totalCount } }' }));
  });
}
