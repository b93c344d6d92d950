import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { buildSchema } from 'graphql';
import { createOperationDescriptor, Environment, Network, RecordSource, Store } from 'relay-runtime';
import { loadTypeDefs } from '../../src/graphql/sdl.js';
import { PACKAGE } from '../support/gateway.js';
import { startStack } from '../support/stack.js';
import { toRelayRequest } from '../support/relayRequest.js';

const NUMBER = 700_000_001;

const QUERY = `{
  viewer { id username }
  regions { id slug label }
  linodes {
    nodes {
      id linodeId label
      region { id slug }
      image { id label }
      disks { id diskId label linode { id label } }
    }
  }
  images(filter: { isPublic: false }) {
    nodes {
      id label
      creator { id username }
      sourceLinode { id linodeId label }
      linodes { nodes { id label } }
      events { nodes { id eventId action image { id label } linode { id label } } }
    }
  }
}`;

/** Every object with an id, wherever it is in the answer. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if ('id' in value) yield value as Record<string, unknown>;
  for (const each of Object.values(value)) yield* objectsIn(each);
}

type Answer = Record<string, unknown>;

const schema = buildSchema(loadTypeDefs(join(PACKAGE, 'schema')).join('\n'));

const withTypenames = (query: string): string => toRelayRequest(schema, query).params.text ?? '';

/** Puts an answer into a store of its own; `warnings` are what Relay says of it. */
async function store(query: string, data: Answer) {
  const warn = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const source = new RecordSource();
  const network = Network.create(() => Promise.resolve({ data }));
  const environment = new Environment({ store: new Store(source), network });
  const request = toRelayRequest(schema, query);
  await environment.execute({ operation: createOperationDescriptor(request, {}) }).toPromise();
  const warnings = warn.mock.calls.map((words) => words.join(' '));
  warn.mockRestore();
  return { source: environment.getStore().getSource(), warnings };
}

describe("Relay's store", () => {
  it('keeps apart an image, a Linode, an event and a user of the same number', async () => {
    const { linode, gateway } = await startStack();
    linode.addAccount({
      tokens: [{ token: 'same', username: String(NUMBER), scopes: '*' }],
      images: [{ id: `private/${NUMBER}`, label: 'the image' }],
      linodes: [{ id: NUMBER, label: 'the-linode', image: `private/${NUMBER}` }],
    });
    // The sandbox counts its events from here.
    await gateway.ask(`mutation { createImage(input: { diskId: ${NUMBER * 2} }) { image { id } } }`, {
      token: 'same',
    });
    const { data, errors } = await gateway.ask<Answer>(withTypenames(QUERY), { token: 'same' });
    expect(errors).toEqual([]);
    const { source, warnings } = await store(QUERY, data);

    const objects = [...objectsIn(data)];
    const types = new Set(objects.map(({ __typename }) => __typename));
    expect([...types].sort()).toEqual(['Disk', 'Event', 'Image', 'Linode', 'Region', 'User']);
    const ofNumber = objects.filter(({ id }) => String(id).split('/').includes(String(NUMBER)));
    expect(new Set(ofNumber.map(({ __typename }) => __typename))).toEqual(
      new Set(['Image', 'Linode', 'Disk', 'Event', 'User']),
    );
    for (const object of objects) {
      const record = source.get(String(object['id']));
      for (const [field, value] of Object.entries(object)) {
        if (typeof value === 'string') expect(record?.[field]).toBe(value);
      }
    }
    expect(warnings).toEqual([]);
  });

  it('would warn of two objects of one id', async () => {
    const { warnings } = await store('{ region(id: 1) { id } linode(id: 1) { id } }', {
      region: { __typename: 'Region', id: '1' },
      linode: { __typename: 'Linode', id: '1' },
    });
    expect(warnings.join()).toContain('violated the globally unique id requirement');
  });
});
