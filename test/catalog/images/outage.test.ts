import { describe, expect, it } from '@jest/globals';
import { Cancellation } from '../../../src/cancellation.js';
import { callerOf } from '../../../src/linode/caller.js';
import { LinodeTimeout, OperationAborted } from '../../../src/linode/errors.js';
import { startStack, LIST, VIEW, whileTimePasses, type Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

interface Images {
  images: { totalCount: number; nodes: { id: string }[] } | null;
}

const QUERY = '{ images { totalCount nodes { id } } }';
const ALICE = { token: 'alice-full' };

describe('while the API falters', () => {
  it('serves what it knows for 5 minutes and says so, fails writes cleanly, and is fresh again without a stampede', async () => {
    const { linode, gateway, clock } = await startStack();
    await gateway.ask(QUERY, ALICE);
    const repair = linode.fault({ status: 502, body: '<html>Bad Gateway</html>' });
    for (let second = 6; second <= 300; second += 6) {
      clock.advance(6000);
      const read = await whileTimePasses(clock, 10, gateway.ask<Images>(QUERY, ALICE));
      expect(read.errors).toEqual([]);
      expect(read.data.images?.totalCount).toBe(47);
      const { ageSeconds } = read.extensions?.['stale'] as { ageSeconds: number };
      expect(ageSeconds).toBeGreaterThanOrEqual(second);
      if (second % 60 !== 0) continue;
      const write = await gateway.ask(
        'mutation { deleteImage(input: { id: "private/23849498" }) { deletedImageId } }',
        ALICE,
      );
      expect(write.data).toEqual({ deleteImage: null });
      expect(write.errors[0]?.extensions['code']).toBe('UPSTREAM_UNAVAILABLE');
    }
    repair();
    linode.clearRequests();
    clock.advance(5001);
    const reads = await Promise.all(Array.from({ length: 100 }, () => gateway.ask<Images>(QUERY, ALICE)));
    expect(reads.every(({ extensions, errors }) => extensions === undefined && errors.length === 0)).toBe(
      true,
    );
    expect(linode.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it('asks a dead API gently: the breaker opens, answers stay quick, a probe finds it back', async () => {
    const { linode, gateway, clock } = await startStack();
    const repair = linode.fault({ status: 500 });
    const ids = linode.images('alice-full').map(({ id }) => id);
    const codes = new Set<unknown>();
    for (let i = 0; i < 400; i++) {
      const id = ids[i % ids.length];
      const { errors } = await gateway.ask('query ($id: ID!) { image(id: $id) { id } }', {
        ...ALICE,
        variables: { id },
      });
      codes.add(errors[0]?.extensions['code']);
      clock.advance(5);
    }
    expect(codes).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
    expect(linode.requests.length).toBeLessThan(60);
    repair();
    clock.advance(6000);
    const { data, errors } = await gateway.ask('{ image(id: "linode/debian12") { id } }', ALICE);
    expect([data, errors]).toEqual([{ image: { id: 'linode/debian12' } }, []]);
  });

  it('serves what it knows when an answer breaks off', async () => {
    const { linode, gateway, clock } = await startStack();
    await gateway.ask(QUERY, ALICE);
    clock.advance(6000);
    linode.fault({ path: '/images', times: 1, reset: 'mid-body' });
    const { errors, extensions } = await gateway.ask(QUERY, ALICE);
    expect(errors).toEqual([]);
    expect(extensions).toEqual({ stale: { ageSeconds: 6 } });
  });

  it('serves nothing older than 10 minutes', async () => {
    const { linode, gateway, clock } = await startStack();
    await gateway.ask(QUERY, ALICE);
    linode.fault({ status: 500 });
    clock.advance(600_000);
    expect((await gateway.ask<Images>(QUERY, ALICE)).extensions).toEqual({ stale: { ageSeconds: 600 } });
    clock.advance(2000);
    const { data, errors } = await gateway.ask<Images>(QUERY, ALICE);
    expect(data.images).toBeNull();
    expect(errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', upstream: { status: 500 } });
  });

  it('serves one image that it knows when it can not be viewed', async () => {
    const { linode, gateway, clock } = await startStack();
    const ask = () => gateway.ask('{ image(id: "private/23849498") { id } }', ALICE);
    await ask();
    clock.advance(30_000);
    linode.fault({ status: 500 });
    const { data, extensions, headers } = await ask();
    expect(data).toEqual({ image: { id: 'private/23849498' } });
    expect(extensions).toEqual({ stale: { ageSeconds: 30 } });
    expect(headers.get('cache-control')).toBe('private, max-age=0');
  });
});

describe('while the API hangs', () => {
  it('serves what it knows once the deadline has passed, and from then on at once', async () => {
    const { linode, gateway, clock } = await startStack();
    await gateway.ask(QUERY, ALICE);
    clock.advance(6000);
    linode.fault({ hang: true });
    const late = gateway.ask<Images>(QUERY, ALICE);
    await until(() => linode.count(LIST) === 2, '2 list calls upstream');
    clock.advance(10_000);
    const { data, extensions, headers } = await late;
    expect(data.images?.totalCount).toBe(47);
    expect(extensions).toEqual({ stale: { ageSeconds: 16 } });
    expect(headers.get('server-timing')).toContain('upstream;dur=10000.0;desc="1 calls"');
    expect(gateway.operations.at(-1)).toMatchObject({ upstreamCalls: 1 });
    expect((await gateway.ask<Images>(QUERY, ALICE)).extensions).toEqual({ stale: { ageSeconds: 16 } });
    expect(linode.count(LIST)).toBe(2);
  });

  it('fails at the deadline where nothing is known, and tells of the call', async () => {
    const { linode, gateway, clock } = await startStack();
    linode.fault({ hang: true });
    const asked = gateway.ask<Images>(QUERY, ALICE);
    await until(() => linode.count(LIST) === 1, 'a list call upstream');
    clock.advance(10_000);
    const { errors, headers } = await asked;
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
    expect(headers.get('server-timing')).toContain('desc="1 calls"');
  });

  it('finds the result of a list that took longer than the operations which waited for it', async () => {
    const built = await startStack();
    const { linode, gateway, clock } = built;
    let release = (): void => undefined;
    linode.fault({ path: '/images', times: 1, before: new Promise<void>((resolve) => (release = resolve)) });
    const first = gateway.ask<Images>(QUERY, ALICE);
    await until(() => linode.count(LIST) === 1, 'the list');
    clock.advance(10_000);
    expect((await first).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
    for (const reason of [timeout, left]) {
      const other = read(built);
      other.end(reason);
      expect(await other.read).toBe(reason);
    }
    release();
    await until(() => gateway.upstreamCalls.length === 1, 'the end of the list');
    const { data, extensions } = await gateway.ask<Images>(QUERY, ALICE);
    expect([data.images?.totalCount, extensions]).toEqual([47, undefined]);
    expect(linode.count(LIST)).toBe(1);
  });

  it('lists again when a list has not ended in three times as long', async () => {
    const { linode, gateway, clock } = await startStack();
    linode.fault({ path: '/images', times: 1, hang: true });
    const first = gateway.ask<Images>(QUERY, ALICE);
    await until(() => linode.count(LIST) === 1, 'the list');
    clock.advance(10_000);
    await first;
    clock.advance(19_999);
    expect(gateway.upstreamCalls).toEqual([]);
    clock.advance(1);
    await until(() => gateway.upstreamCalls.length === 1, 'the end of the list');
    expect(gateway.upstreamCalls).toMatchObject([{ kind: 'list', status: null, durationMs: 30_000 }]);
    // The back-off after the failure.
    clock.advance(1000);
    expect((await gateway.ask<Images>(QUERY, ALICE)).data.images?.totalCount).toBe(47);
  });

  it('opens the circuit, which does not close because the client left that found it still so', async () => {
    const { linode, gateway, clock } = await startStack();
    const tokens = ['alice-full', 'bob-full', 'carol-restricted'];
    // A token that Linode has not accepted yet sends few calls.
    for (const token of tokens) await gateway.ask('{ profile { timezone } }', { token });
    linode.fault({ hang: true });
    const ids = linode.images('alice-full').filter(({ is_public }) => is_public);
    const asked = tokens.flatMap((token) =>
      ids.slice(0, 10).map(({ id }) => gateway.ask(`{ image(id: ${JSON.stringify(id)}) { id } }`, { token })),
    );
    await until(() => linode.count(VIEW) === 30, '30 views upstream');
    clock.advance(10_000);
    for (const { errors } of await Promise.all(asked))
      expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
    const isHeldBack = async (lists: number) => {
      const { errors } = await gateway.ask(QUERY, ALICE);
      expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
      expect(linode.count(LIST)).toBe(lists);
    };
    await isHeldBack(0);
    clock.advance(5001);
    const leaver = new AbortController();
    const probe = gateway.ask(QUERY, { ...ALICE, signal: leaver.signal });
    probe.catch(() => undefined);
    await until(() => linode.count(LIST) === 1, 'a list call upstream');
    const calls = gateway.upstreamCalls.length;
    leaver.abort();
    await until(() => gateway.upstreamCalls.length > calls, 'the end of an upstream call');
    await isHeldBack(1);
  });

  const timeout = new LinodeTimeout('no answer', { method: 'GET', path: '/' });
  const left = new OperationAborted('left');

  /** A read, with what ends it: its images, or its error. */
  function read({ gateway, clock }: Stack): { end: (reason: Error) => void; read: Promise<unknown> } {
    const { catalogs } = gateway;
    const cancellation = new Cancellation();
    const terms = { deadlineAt: clock.now() + 10_000, signal: cancellation.signal };
    const list = catalogs.of(callerOf(ALICE.token)).list(catalogs.reading(terms, undefined));
    return { end: (reason) => cancellation.abort(reason), read: list.catch((error: unknown) => error) };
  }

  it('ends no refresh that another one waits for, when the deadline of one read passes', async () => {
    const built = await startStack();
    const { linode } = built;
    let release = (): void => undefined;
    linode.fault({ path: '/images', before: new Promise<void>((resolve) => (release = resolve)) });
    const [early, other] = [read(built), read(built)];
    await until(() => linode.count(LIST) === 1, 'a list call upstream');
    early.end(timeout);
    expect(await early.read).toBe(timeout);
    release();
    expect(await other.read).toHaveLength(47);
    expect(linode.count(LIST)).toBe(1);
  });

  it.each([
    ['is served stale at once where the last one that waited saw the deadline pass', left, timeout, 2],
    ['is fetched again if the last one that waited was a client that disconnected', timeout, left, 3],
  ])('the next read %s', async (_, first, last, lists) => {
    const built = await startStack();
    const { linode, gateway, clock } = built;
    await gateway.ask(QUERY, ALICE);
    clock.advance(6000);
    const repair = linode.fault({ hang: true });
    const reads = [read(built), read(built)];
    await until(() => linode.count(LIST) === 2, '2 list calls upstream');
    reads[0]?.end(first);
    reads[1]?.end(last);
    await Promise.all(reads.map((one) => one.read));
    repair();
    const { extensions } = await gateway.ask(QUERY, ALICE);
    expect(extensions).toEqual(lists === 2 ? { stale: { ageSeconds: 6 } } : undefined);
    expect(linode.count(LIST)).toBe(lists);
  });
});

describe('a refused token', () => {
  it('is served nothing private any more, and is not tried again for two seconds', async () => {
    const { linode, gateway, clock } = await startStack();
    await gateway.ask(QUERY, ALICE);
    const restore = linode.fault({ token: 'alice-full', status: 401 });
    const write = await gateway.ask(
      'mutation { deleteImage(input: { id: "private/23849498" }) { deletedImageId } }',
      ALICE,
    );
    expect(write.errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    linode.clearRequests();
    for (const query of [QUERY, '{ image(id: "private/23849498") { label } }']) {
      const { body, errors } = await gateway.ask(query, ALICE);
      expect(errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
      expect(body).not.toContain('"private/');
    }
    expect(linode.requests).toEqual([]);
    restore();
    clock.advance(2001);
    expect((await gateway.ask<Images>(QUERY, ALICE)).data.images?.totalCount).toBe(47);
  });

  it('takes with it a list that was already on its way', async () => {
    const { linode, gateway } = await startStack();
    let release = (): void => undefined;
    linode.fault({ path: '/images', times: 1, after: new Promise<void>((resolve) => (release = resolve)) });
    const list = gateway.ask<Images>(QUERY, ALICE);
    await until(() => linode.count(LIST) === 1, 'a list call upstream');
    linode.fault({ path: /^\/images\//, status: 401 });
    await gateway.ask('{ image(id: "private/23849498") { label } }', ALICE);
    release();
    expect((await list).errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('is shown by a 403 on the list too', async () => {
    const { linode, gateway, clock } = await startStack();
    await gateway.ask(QUERY, ALICE);
    clock.advance(6000);
    const restore = linode.fault({ path: '/images', status: 403 });
    expect((await gateway.ask(QUERY, ALICE)).errors[0]?.extensions['code']).toBe('FORBIDDEN');
    restore();
    linode.fault({ status: 500 });
    const { errors, extensions } = await gateway.ask(QUERY, ALICE);
    expect([errors[0]?.extensions['code'], extensions]).toEqual(['UPSTREAM_UNAVAILABLE', undefined]);
  });

  it('is not meant by a 403 on one image', async () => {
    const { linode, gateway } = await startStack();
    await gateway.ask(QUERY, ALICE);
    linode.fault({ path: /^\/images\//, status: 403 });
    const { errors } = await gateway.ask('{ image(id: "private/404404") { label } }', ALICE);
    expect(errors[0]?.extensions['code']).toBe('FORBIDDEN');
    expect((await gateway.ask<Images>(QUERY, ALICE)).data.images?.totalCount).toBe(47);
    expect(linode.count(LIST)).toBe(1);
  });

  it('is not meant by a 401 of the anonymous caller', async () => {
    const { linode, gateway, clock } = await startStack();
    await gateway.ask(QUERY);
    clock.advance(61_000);
    const restore = linode.fault({ path: '/images', status: 401 });
    expect((await gateway.ask(QUERY)).errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    restore();
    linode.fault({ status: 500 });
    clock.advance(2001);
    expect((await gateway.ask<Images>(QUERY)).data.images?.totalCount).toBe(39);
    expect(linode.count(/private/)).toBe(0);
  });
});
