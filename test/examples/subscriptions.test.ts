import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { gql, type ApolloClient } from '@apollo/client';
import { buildSchema, print } from 'graphql';
import type { ClientOptions } from 'graphql-ws';
import {
  Environment,
  Network,
  RecordSource,
  requestSubscription,
  Store,
  type SubscribeFunction,
} from 'relay-runtime';
import { WebSocket } from 'ws';
import * as apollo from '../../examples/subscriptions/apollo.js';
import * as apolloWebSocket from '../../examples/subscriptions/apolloWebSocket.js';
import { subscribe } from '../../examples/subscriptions/fetch.js';
import { subscribeOverSse } from '../../examples/subscriptions/relay.js';
import { subscribeOverWebSocket } from '../../examples/subscriptions/relayWebSocket.js';
import * as urql from '../../examples/subscriptions/urql.js';
import { loadTypeDefs } from '../../src/graphql/sdl.js';
import { PACKAGE } from '../support/gateway.js';
import { toRelayRequest } from '../support/relayRequest.js';
import { startStack, whileTimePasses, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const token = 'alice-full';
const REPLICATED = 'private/23912044';
const QUERY = print(apollo.FOLLOW_IMAGE);
/** The recipe's, with the regions too. */
const FOLLOWED = QUERY.replace('status\n', 'status\n    regions {\n      regionId\n      status\n    }\n');
const IN_NODE: Partial<ClientOptions> = { webSocketImpl: WebSocket, retryAttempts: 0 };

interface Image {
  status: string;
  regions: { regionId: string; status: string }[] | null;
  progress: { phase: string; percent: number | null };
}

interface Sink {
  next: (image: Image | null | undefined) => void;
  end: (error?: unknown) => void;
}

/** Follows an image; the result leaves. */
type Follow = (url: string, id: string, sink: Sink) => () => void;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const byApollo =
  (create: (url: string) => ApolloClient): Follow =>
  (url, id, { next, end }) => {
    const client = create(url);
    closers.push(() => {
      client.stop();
    });
    const subscription = client
      .subscribe<{ image: Image | null }>({ query: gql(FOLLOWED), variables: { id } })
      .subscribe({
        next: ({ data, error }) => {
          if (error) end(error);
          else next(data?.image);
        },
        error: end,
        complete: () => {
          end();
        },
      });
    return () => {
      subscription.unsubscribe();
    };
  };

const schema = buildSchema(loadTypeDefs(join(PACKAGE, 'schema')).join('\n'));

const byRelay =
  (create: (url: string) => SubscribeFunction): Follow =>
  (url, id, { next, end }) => {
    const network = Network.create(() => Promise.reject(new Error('No queries here')), create(url));
    const environment = new Environment({ store: new Store(new RecordSource()), network });
    const text = FOLLOWED.replace('FollowImage($id: ID!)', '').replace('$id', JSON.stringify(id));
    const subscription = requestSubscription(environment, {
      subscription: toRelayRequest(schema, text),
      variables: {},
      onNext: () => {
        next(imageIn(environment, id));
      },
      onError: end,
      onCompleted: () => {
        end();
      },
    });
    return () => {
      subscription.dispose();
    };
  };

/** As Relay's store has it. */
function imageIn(environment: Environment, id: string): Image {
  const source = environment.getStore().getSource();
  const recordOf = (ref: unknown) => source.get((ref as { __ref: string }).__ref) as Record<string, unknown>;
  const { status, progress, regions } = source.get(id) as Record<string, unknown>;
  const { phase, percent } = recordOf(progress);
  const refs = (regions as { __refs: string[] } | null)?.__refs ?? [];
  const rows = refs.map((ref) => {
    const { regionId, status: state } = source.get(ref) as Record<string, unknown>;
    return { regionId, status: state };
  });
  return { status, regions: rows, progress: { phase, percent } } as Image;
}

const CLIENTS: [string, Follow][] = [
  ["Apollo Client's HttpLink", byApollo((url) => apollo.createClient(url, token))],
  ['Apollo Client over WebSocket', byApollo((url) => apolloWebSocket.createClient(url, token, IN_NODE))],
  [
    'urql',
    (url, id, { next, end }) => {
      const { unsubscribe } = urql
        .createClient(url, token)
        .subscription<{ image: Image | null }>(FOLLOWED, { id })
        .subscribe(({ data, error, hasNext }) => {
          // At the end it repeats the last result.
          if (error) end(error);
          else if (hasNext && data !== undefined) next(data.image);
          if (!hasNext) end();
        });
      return unsubscribe;
    },
  ],
  ['Relay over SSE', byRelay((url) => subscribeOverSse(url, token))],
  ['Relay over WebSocket', byRelay((url) => subscribeOverWebSocket(url, token, IN_NODE))],
  [
    'fetch',
    (url, id, { next, end }) => {
      const leaving = new AbortController();
      (async () => {
        const operation = { query: FOLLOWED, variables: { id } };
        for await (const { data, errors } of subscribe<{ image: Image | null }>(
          url,
          token,
          operation,
          leaving.signal,
        ))
          if (errors) throw new Error(errors[0]?.message);
          else next(data?.image);
      })().then(() => {
        end();
      }, end);
      return () => {
        leaving.abort();
      };
    },
  ],
];

/** The states that a client sees until the subscription ends. */
async function followed(
  { gateway, clock }: Stack,
  follow: Follow,
  id: string,
  onFirst?: () => Promise<void>,
) {
  const images: (Image | null | undefined)[] = [];
  let ended: { error: unknown } | undefined;
  follow(gateway.url, id, {
    next: (image) => images.push(image),
    end: (error) => (ended ??= { error }),
  });
  await until(() => images.length > 0 || ended !== undefined, 'the present state');
  await onFirst?.();
  await whileTimePasses(
    clock,
    500,
    until(() => ended !== undefined, 'the end', 30_000),
  );
  expect(ended?.error).toBeUndefined();
  const states = images.map((image) => JSON.stringify(image));
  expect(new Set(states).size).toBe(states.length);
  const percents = images.flatMap((image) => image?.progress.percent ?? []);
  expect(percents).toEqual([...percents].sort((a, b) => a - b));
  return images;
}

async function mutate<D>({ gateway }: Stack, mutation: string): Promise<D> {
  const { data } = await gateway.ask<Record<string, D>>(`mutation { ${mutation} }`, { token });
  return Object.values(data)[0] as D;
}

describe.each(CLIENTS)('%s follows', (_, follow) => {
  it('a capture to its end', async () => {
    const stack = await startStack();
    const { image } = await mutate<{ image: { id: string } }>(
      stack,
      'createImage(input: { diskId: "109867812" }) { image { id } }',
    );
    const images = await followed(stack, follow, image.id);
    expect(images.length).toBeGreaterThan(10);
    expect(images[0]).toMatchObject({ status: 'CREATING' });
    expect(images.at(-1)).toMatchObject({ status: 'AVAILABLE', progress: { phase: 'READY', percent: 100 } });
  }, 40_000);

  it('an upload to its end', async () => {
    const stack = await startStack();
    const { image, uploadTo } = await mutate<{ image: { id: string }; uploadTo: string }>(
      stack,
      'initiateImageUpload(input: { label: "up", region: "us-east" }) { image { id } uploadTo }',
    );
    const images = await followed(stack, follow, image.id, async () => {
      await fetch(uploadTo, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: gzipSync(Buffer.alloc(10_000)),
      });
    });
    const phases = new Set(images.map((each) => each?.progress.phase));
    expect([...phases]).toEqual(['AWAITING_UPLOAD', 'PROCESSING', 'READY']);
  }, 40_000);

  it('a replication to its end', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    await mutate(
      stack,
      `setImageRegions(input: { id: "${REPLICATED}", regions: ["us-east", "us-ord"] }) { image { id } }`,
    );
    const images = await followed(stack, follow, REPLICATED);
    expect(images.map((image) => image?.regions?.at(-1)?.status)).toEqual([
      'PENDING_REPLICATION',
      'REPLICATING',
      'AVAILABLE',
    ]);
  }, 40_000);
});

it('docs/subscriptions.md shows each recipe as it is tested', () => {
  const page = readFileSync(join(PACKAGE, 'docs/subscriptions.md'), 'utf8');
  const directory = join(PACKAGE, 'examples/subscriptions');
  const recipes = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'));
  expect(recipes).toHaveLength(6);
  for (const recipe of recipes) expect(page).toContain(`\`\`\`ts\n${recipe}\`\`\``);
});
