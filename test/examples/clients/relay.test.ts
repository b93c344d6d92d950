import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createOperationDescriptor, fetchQuery, type Environment } from 'relay-runtime';
import '../../support/relayTag.js';
import type { imagesListQuery } from '../../../examples/clients/relay/__generated__/imagesListQuery.graphql.js';
import type { imagesPageQuery } from '../../../examples/clients/relay/__generated__/imagesPageQuery.graphql.js';
import type { imagesProgressQuery } from '../../../examples/clients/relay/__generated__/imagesProgressQuery.graphql.js';
import {
  capture,
  createEnvironment,
  listQuery,
  loadMore,
  pageQuery,
  progressQuery,
  remove,
  rename,
} from '../../../examples/clients/relay/images.js';
import { PACKAGE } from '../../support/gateway.js';
import { startStack } from '../../support/stack.js';

const DISK = '109867812';

async function start(token = 'alice-full') {
  const stack = await startStack();
  return { ...stack, environment: createEnvironment(stack.gateway.url, token) };
}

type Edges = readonly { readonly node: { readonly id: string; readonly label: string } | null }[];

/** What a component that shows the list has, and how often it is drawn. */
function watchList(environment: Environment) {
  const operation = createOperationDescriptor(listQuery as never, { first: 7 });
  const read = (): Edges =>
    ((environment.lookup(operation.fragment).data as imagesListQuery['response']).images?.edges ??
      []) as Edges;
  const shown: Edges[] = [];
  const snapshot = environment.lookup(operation.fragment);
  const { dispose } = environment.subscribe(snapshot, () => shown.push(read()));
  const retained = environment.retain(operation);
  return { read, shown, dispose: () => (dispose(), retained.dispose()) };
}

const ids = (edges: Edges) => edges.map(({ node }) => node?.id);
const labelIn = (edges: Edges, id: string) => edges.find(({ node }) => node?.id === id)?.node?.label;

describe('the client of Relay', () => {
  beforeEach(() => {
    jest.spyOn(console, 'error').mockImplementation((...words) => {
      throw new Error(words.join(' '));
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function loadAll(environment: Environment): Promise<void> {
    let after: string | null = null;
    for (;;) {
      const data: imagesListQuery['response'] | undefined = await loadMore(environment, 7, after);
      const page = data?.images as unknown as
        { pageInfo: { hasNextPage: boolean; endCursor: string | null } } | undefined;
      if (!page?.pageInfo.hasNextPage) return;
      after = page.pageInfo.endCursor;
    }
  }

  it('loads more into one connection', async () => {
    const { linode, environment } = await start();
    const list = watchList(environment);
    await loadAll(environment);
    const all = linode.images('alice-full').map(({ id }) => id);
    expect([...ids(list.read())].sort()).toEqual([...all].sort());
    list.dispose();
  });

  it('shows each numbered page as itself', async () => {
    const { environment } = await start();
    await loadAll(environment);
    const all = ids(watchList(environment).read());
    for (const offset of [0, 5, 10]) {
      const data = await fetchQuery<imagesPageQuery>(environment, pageQuery, {
        first: 5,
        offset,
      }).toPromise();
      expect(data?.images?.nodes.map(({ id }) => id)).toEqual(all.slice(offset, offset + 5));
    }
  });

  it('shows a new label at once, and takes it back where it is not accepted', async () => {
    const { environment } = await start();
    await loadAll(environment);
    const list = watchList(environment);
    expect(await rename(environment, 'private/23849498', 'a new label')).toBeNull();
    expect(labelIn(list.read(), 'private/23849498')).toBe('a new label');
    expect(await rename(environment, 'private/23849498', 'x'.repeat(60))).toBe(
      'Length must be 1-50 characters',
    );
    expect(labelIn(list.read(), 'private/23849498')).toBe('a new label');
    expect(list.shown.map((edges) => labelIn(edges, 'private/23849498'))).toContain('x'.repeat(60));
    list.dispose();
  });

  it('deletes an edge, and leaves none without a node', async () => {
    const { environment } = await start();
    await loadAll(environment);
    const list = watchList(environment);
    const before = ids(list.read());
    expect(await remove(environment, 'private/23849498')).toBeNull();
    expect(ids(list.read())).toEqual(before.filter((id) => id !== 'private/23849498'));
    for (const edges of list.shown) expect(ids(edges)).not.toContain(undefined);
    expect(await remove(environment, 'linode/debian12')).not.toBeNull();
    list.dispose();
  });

  it('captures into the list', async () => {
    const { environment } = await start();
    await loadAll(environment);
    const list = watchList(environment);
    expect(await capture(environment, DISK, 'captured')).toBeNull();
    const [newest] = list.read();
    expect(newest?.node?.label).toBe('captured');
    const data = await fetchQuery<imagesProgressQuery>(environment, progressQuery, {
      id: newest?.node?.id ?? '',
    }).toPromise();
    expect(data?.image?.progress?.phase).toBe('CAPTURING');
    expect(await capture(environment, '1', 'none')).toBe('Not found');
    list.dispose();
  });

  it('has the error of a refused token', async () => {
    const { environment } = await start('unknown');
    const data = await loadMore(environment, 1, null);
    expect(data?.images ?? null).toBeNull();
  });

  it('is compiled from the schema of today', () => {
    const folder = mkdtempSync(join(tmpdir(), 'relay-'));
    const source = join(PACKAGE, 'examples', 'clients', 'relay');
    cpSync(source, join(folder, 'examples', 'clients', 'relay'), { recursive: true });
    cpSync(join(PACKAGE, 'dist', 'schema.graphql'), join(folder, 'dist', 'schema.graphql'));
    const copy = join(folder, 'examples', 'clients', 'relay');
    const compiler = join(PACKAGE, 'node_modules', 'relay-compiler', 'cli.js');
    const { status, stderr } = spawnSync(process.execPath, [compiler, 'relay.config.json'], {
      cwd: copy,
      encoding: 'utf8',
    });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    const written = (directory: string) =>
      Object.fromEntries(
        readdirSync(join(directory, '__generated__')).map((name) => [
          name,
          readFileSync(join(directory, '__generated__', name), 'utf8'),
        ]),
      );
    expect(written(copy)).toEqual(written(source));
    rmSync(folder, { recursive: true });
  });
});
