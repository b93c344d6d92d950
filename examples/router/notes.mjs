/** A second subgraph, as another team would write it: notes about images. `node notes.mjs` listens on port 4003. */
import { createServer } from 'node:http';
import { buildSchema, graphql } from 'graphql';

export const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])
  type Query {
    notes: [Note!]!
  }
  type Note {
    text: String!
    image: Image
  }
  type Image @key(fields: "id") {
    id: ID!
    notes: [Note!]!
  }
`;

const schema = buildSchema(`
  scalar _Any
  union _Entity = Image
  type Query { notes: [Note!]! _entities(representations: [_Any!]!): [_Entity]! }
  type Note { text: String! image: Image }
  type Image { id: ID! notes: [Note!]! }
`);

const NOTES = [
  { text: 'the base of our web servers', imageId: 'private/23849498' },
  { text: 'do not deploy this one', imageId: 'private/23849498' },
  { text: 'our default', imageId: 'linode/debian12' },
  { text: 'deleted since', imageId: 'private/999999' },
];

const toNote = ({ text, imageId }) => ({ text, image: () => toImage(imageId) });
const toImage = (id) => ({
  __typename: 'Image',
  id,
  notes: () => NOTES.filter(({ imageId }) => imageId === id).map(toNote),
});

const rootValue = {
  notes: () => NOTES.map(toNote),
  _entities: ({ representations }) => representations.map(({ id }) => toImage(id)),
};

/** @returns the server, once it listens */
export async function startNotes(port) {
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (chunk) => (body += chunk));
    req.on('end', async () => {
      const { query, variables, operationName } = JSON.parse(body);
      const result = await graphql({
        schema,
        source: query,
        rootValue,
        variableValues: variables,
        operationName,
      });
      res.setHeader('content-type', 'application/json').end(JSON.stringify(result));
    });
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

if (import.meta.filename === process.argv[1]) await startNotes(4003);
