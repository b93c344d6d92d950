import { startGatewayProcess, type GatewayProcess } from '../support/gatewayProcess.js';

const repeat = (n: number, part: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => part(i)).join(' ');

/** What is meant to overwhelm, each as large as it gets through the door or larger. */
const BOMBS: Record<string, { query: string; variables?: string }> = {
  'nothing, for comparison': { query: '{ __typename }' },
  'a body of 500 KB': { query: `{ ${repeat(100_000, () => 'id')} }` },
  '1,990 tokens, all one field': { query: `{ image(id: "private/1") { ${repeat(1980, () => 'id')} } }` },
  '20,000 levels': { query: `${'{a'.repeat(20_000)}${'}'.repeat(20_000)}` },
  '600 levels': { query: `${'{image(id:1)'.repeat(300)}{id}${'}'.repeat(300)}` },
  '600 aliases': { query: `{ ${repeat(600, (i) => `a${i}: __typename`)} }` },
  '600 directives': { query: `{ __typename ${repeat(600, () => '@skip(if: false)')} }` },
  'fragments in a circle': { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' },
  'fragments that double 100 times': {
    query: `{ ...F0 } ${repeat(100, (i) => `fragment F${i} on Query { a: __typename ...F${i + 1} ...F${i + 1} }`)} fragment F100 on Query { __typename }`,
  },
  'fragments of images that double 60 times': {
    query: `{ images { nodes { ...F0 } } } ${repeat(60, (i) => `fragment F${i} on Image { ...F${i + 1} ...F${i + 1} }`)} fragment F60 on Image { id }`,
  },
  'fragments that conflict': {
    query: `{ ...F0 } ${repeat(100, (i) => `fragment F${i} on Query { a: image(id: "${i}") { id ...G${i} } ...F${i + 1} } fragment G${i} on Image { x: label }`)} fragment F100 on Query { __typename }`,
  },
  'ten times 500 images with 500 Linodes': {
    query: `query($n: Int) { ${repeat(10, (i) => `a${i}: images(first: $n) { nodes { linodes(first: $n) { nodes { id } } } }`)} }`,
    variables: '{"n":500}',
  },
  'variables of 40,000 levels': {
    query: 'query($f: ImageFilter) { images(filter: $f) { totalCount } }',
    variables: `{"f":${'{"not":'.repeat(40_000)}{}${'}'.repeat(40_000)}}`,
  },
  '100,000 values in variables': {
    query: 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: `{"ids":[${'1,'.repeat(100_000)}1]}`,
  },
  'a circle of introspection': {
    query: '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }',
  },
};

const ROUNDS = 20;

/** E20: what each bomb costs before it is refused. */
export async function bombs(): Promise<void> {
  const gateway = await startGatewayProcess();
  for (let i = 0; i < 200; i++)
    await send(gateway, { query: `{ images(first: ${(i % 50) + 1}) { nodes { id } } }` });
  for (const [name, bomb] of Object.entries(BOMBS)) {
    await send(gateway, bomb);
    await gateway.measure();
    const statuses = new Set<number>();
    for (let i = 0; i < ROUNDS; i++) statuses.add(await send(gateway, bomb));
    const after = await gateway.measure();
    const cpuMs = after.cpuMs / ROUNDS;
    console.log(
      `E20 ${name}: ${[...statuses].join()}, ${cpuMs.toFixed(1)} ms CPU each, longest block ${after.longestBlockMs.toFixed(0)} ms`,
    );
  }
  gateway.stop();
}

async function send(
  gateway: GatewayProcess,
  { query, variables = '{}' }: { query: string; variables?: string },
): Promise<number> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
  });
  await response.arrayBuffer();
  return response.status;
}
