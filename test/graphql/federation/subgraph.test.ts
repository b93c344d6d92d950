import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compositionHasErrors, composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { toSubgraph } from '../../../src/graphql/federation/subgraph.js';
import { readSchema } from '../../../src/graphql/sdl.js';
import { PACKAGE } from '../../support/gateway.js';

const { sdl, entityTypes } = toSubgraph(readSchema(join(PACKAGE, 'schema')));

/** A team's own subgraph: it extends images, refers to Linodes, and has common types too. */
const NOTES = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query { notes: [Note!]! }
  type Note @key(fields: "noteId") { noteId: ID! text: String! image: Image linode: Linode }
  type Image @key(fields: "id") { id: ID! notes: [Note!]! }
  type Linode @key(fields: "id", resolvable: false) { id: ID! }
  interface Node { id: ID! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  scalar DateTime
`;

const compose = (...services: [string, string][]) =>
  composeServices(services.map(([name, text]) => ({ name, url: `http://${name}`, typeDefs: parse(text) })));

describe('the subgraph', () => {
  it('composes alone, and with a subgraph that extends images', () => {
    for (const services of [
      [['images', sdl]],
      [
        ['images', sdl],
        ['notes', NOTES],
      ],
    ] as [string, string][][]) {
      const result = compose(...services);
      expect(compositionHasErrors(result) ? result.errors.map(({ message }) => message) : []).toEqual([]);
      expect(result.supergraphSdl).toContain('type Image');
    }
  });

  it('is checked by a composition that finds collisions', () => {
    const result = compose(
      ['images', sdl],
      ['other', NOTES.replace('type PageInfo @shareable', 'type PageInfo')],
    );
    expect(compositionHasErrors(result) && result.errors.map(({ message }) => message).join()).toContain(
      'PageInfo',
    );
  });

  it('has every type with a global ID as an entity', () => {
    expect([...entityTypes].sort()).toEqual(
      expect.arrayContaining(['Disk', 'Event', 'Image', 'Linode', 'Region', 'User']),
    );
    expect(sdl.match(/@key\(fields: "id"\)/g)).toHaveLength(entityTypes.size);
    expect(sdl).toMatch(/@link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2\.\d+"/);
    expect(sdl).not.toMatch(/_entities|_service|_Any/);
  });
});
