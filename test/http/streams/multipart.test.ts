import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startStack, whileTimePasses, type Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

const token = 'alice-full';
const FOLLOW = gql`
  subscription Follow($id: ID!) {
    image(id: $id) {
      id
      status
      progress {
        phase
        percent
      }
    }
  }
`;

const clients: ApolloClient[] = [];
afterAll(() => {
  for (const client of clients) client.stop();
});

/** Apollo Client as it comes: with its own link for HTTP. */
function apolloClient({ gateway }: Stack): ApolloClient {
  const headers = { authorization: `Bearer ${token}` };
  const client = new ApolloClient({
    link: new HttpLink({ uri: gateway.url, headers }),
    cache: new InMemoryCache(),
  });
  clients.push(client);
  return client;
}

interface Seen {
  data: { image: { status: string; progress: { percent: number | null } } | null }[];
  errors: unknown[];
  isComplete: boolean;
  unsubscribe: () => void;
}

function followed(client: ApolloClient, id: string): Seen {
  const seen: Seen = { data: [], errors: [], isComplete: false, unsubscribe: () => undefined };
  const subscription = client
    .subscribe<Seen['data'][number]>({ query: FOLLOW, variables: { id } })
    .subscribe({
      next: ({ data, error }) => {
        if (data) seen.data.push(data);
        if (error) seen.errors.push(error);
      },
      error: (error: unknown) => seen.errors.push(error),
      complete: () => (seen.isComplete = true),
    });
  seen.unsubscribe = () => {
    subscription.unsubscribe();
  };
  return seen;
}

async function capture({ gateway }: Stack): Promise<string> {
  const { data } = await gateway.ask<{ createImage: { image: { id: string } } }>(
    'mutation { createImage(input: { diskId: "109867812" }) { image { id } } }',
    { token },
  );
  return data.createImage.image.id;
}

const liveCallers = async ({ gateway }: Stack): Promise<number | undefined> => {
  const metrics = (await gateway.metrics()) as { name: string; values: { value: number }[] }[];
  return metrics.find(({ name }) => name === 'gateway_live_callers')?.values[0]?.value;
};

describe('a subscription over multipart', () => {
  it("is followed by Apollo Client's HttpLink from the beginning of a capture to its end", async () => {
    const stack = await startStack();
    const seen = followed(apolloClient(stack), await capture(stack));
    await whileTimePasses(
      stack.clock,
      500,
      until(() => seen.isComplete, 'the end'),
    );
    expect(seen.errors).toEqual([]);
    expect(seen.data.at(-1)).toMatchObject({
      image: { status: 'AVAILABLE', progress: { phase: 'READY', percent: 100 } },
    });
    const percents = seen.data.map(({ image }) => image?.progress.percent ?? 0);
    expect(percents.length).toBeGreaterThan(10);
    expect(percents).toEqual([...new Set(percents)].sort((a, b) => a - b));
  });

  it('ends when the client unsubscribes', async () => {
    const stack = await startStack();
    const seen = followed(apolloClient(stack), await capture(stack));
    await until(() => seen.data.length === 1, 'the present state');
    expect(await liveCallers(stack)).toBe(1);
    seen.unsubscribe();
    await until(async () => (await liveCallers(stack)) === 0, 'the end of the poller');
  });

  it('brings errors to Apollo Client, of the request and of a token that is refused', async () => {
    const stack = await startStack();
    const client = apolloClient(stack);
    const invalid = followed(client, '?');
    await until(() => invalid.errors.length === 1, 'the error');
    const seen = followed(client, await capture(stack));
    await until(() => seen.data.length === 1, 'the present state');
    stack.linode.fault({ token, status: 401, body: { errors: [{ reason: 'Invalid Token' }] } });
    await whileTimePasses(
      stack.clock,
      500,
      until(() => seen.errors.length === 1, 'the error'),
    );
    expect(String(seen.errors[0])).toContain('Invalid Token');
  });

  it('is written as the protocol says', async () => {
    const stack = await startStack();
    const id = await capture(stack);
    const response = await fetch(stack.gateway.url, {
      method: 'POST',
      headers: {
        accept: 'multipart/mixed;subscriptionSpec="1.0", application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: `subscription { image(id: "${id}") { status } }` }),
    });
    expect(response.headers.get('content-type')).toBe(
      'multipart/mixed;boundary=graphql;subscriptionSpec=1.0',
    );
    let text = '';
    const decoder = new TextDecoder();
    const read = (async () => {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
        text += decoder.decode(chunk, { stream: true });
    })();
    await until(() => text.includes('CREATING'), 'the present state');
    await whileTimePasses(
      stack.clock,
      500,
      until(() => text.includes('{}'), 'the heartbeat'),
    );
    await stack.gateway.ask(`mutation { deleteImage(input: { id: "${id}" }) { deletedImageId } }`, { token });
    await read;
    const head = '\r\nContent-Type: application/json; charset=utf-8\r\n\r\n';
    const parts = text.split('--graphql').slice(1);
    expect(parts.at(-1)).toBe('--\r\n');
    const bodies = parts.slice(0, -1).map((part) => part.replace(head, '').trim());
    expect(bodies.filter((body) => body !== '{}')).toEqual([
      '{"payload":{"data":{"image":{"status":"CREATING"}}}}',
      '{"payload":{"data":{"image":null}}}',
    ]);
    expect(bodies.filter((body) => body === '{}').length).toBeGreaterThan(0);
  });
});
