import { operation, RUNNING_NUMBER, type Operation } from './operation.js';
import {
  LARGE_TOKEN,
  largeImageId,
  MEDIUM_ACCOUNTS,
  mediumImageId,
  mediumToken,
} from './upstream/population.js';

export interface Workload {
  name: string;
  title: string;
  /** Sent in turn, over and over. */
  cycle: readonly Operation[];
}

const EVERY_FIELD =
  'id label description created updated createdBy isPublic deprecated size type status capabilities vendor expiry eol uploadExpiresAt';

/** A filter and an alias that were never seen before; it matches every image, so that the size of the response is the same. */
const unseen = (first: number, fields: string): string =>
  `{ images(first: ${first}, filter: { label: { neq: "none-${RUNNING_NUMBER}" } }) { nodes { a${RUNNING_NUMBER}: id ${fields} } } }`;

const TOKENS = 200;
const TWO_FIELDS = '{ images(first: 100) { nodes { id label } } }';

export const WORKLOADS: readonly Workload[] = [
  {
    name: 'W1',
    title: 'one public image, the same query',
    cycle: [operation(null, '{ image(id: "linode/debian12") { id label vendor size } }')],
  },
  {
    name: 'W2',
    title: '100 images, 2 fields',
    cycle: [operation(LARGE_TOKEN, TWO_FIELDS)],
  },
  {
    name: 'W3',
    title: '100 images with their creators',
    cycle: [operation(LARGE_TOKEN, '{ images(first: 100) { nodes { id label creator { username } } } }')],
  },
  {
    name: 'W4',
    title: '20 aliased images, each twice',
    cycle: [operation(LARGE_TOKEN, aliased(20, 10))],
  },
  {
    name: 'W5',
    title: 'one image by variable, 200 IDs in turn',
    cycle: Array.from({ length: 200 }, (_, i) =>
      operation(LARGE_TOKEN, 'query Image($id: ID!) { image(id: $id) { id label vendor size } }', {
        id: largeImageId(i),
      }),
    ),
  },
  {
    name: 'W6',
    title: '100 images, 2 fields, never seen before',
    cycle: [operation(LARGE_TOKEN, unseen(100, 'label'))],
  },
  {
    name: 'W7',
    title: '100 images, 2 fields, 200 tokens in turn',
    cycle: Array.from({ length: TOKENS }, (_, i) => operation(mediumToken(i), TWO_FIELDS)),
  },
  {
    name: 'W8',
    title: 'one mutation, then nine reads of 100 images',
    // Spread over many accounts, for the API allows each of them a few mutations a second only.
    cycle: Array.from({ length: MEDIUM_ACCOUNTS }, (_, i) => mutationAndReads(i)).flat(),
  },
  {
    name: 'W9a',
    title: '100 images, every setup',
    cycle: [operation(LARGE_TOKEN, `{ images(first: 100) { nodes { ${EVERY_FIELD} } } }`)],
  },
  {
    name: 'W9b',
    title: '100 images, every setup, never seen before',
    cycle: [operation(LARGE_TOKEN, unseen(100, EVERY_FIELD))],
  },
  {
    name: 'W9c',
    title: '500 images, every setup',
    cycle: [operation(LARGE_TOKEN, `{ images(first: 500) { nodes { ${EVERY_FIELD} } } }`)],
  },
  {
    name: 'W9d',
    title: '500 images, every setup, never seen before',
    cycle: [operation(LARGE_TOKEN, unseen(500, EVERY_FIELD))],
  },
];

function aliased(aliases: number, ids: number): string {
  const fields = Array.from(
    { length: aliases },
    (_, i) => `a${i}: image(id: "${largeImageId(i % ids)}") { id label size }`,
  );
  return `{ ${fields.join(' ')} }`;
}

function mutationAndReads(account: number): Operation[] {
  const token = mediumToken(account);
  const input = { id: mediumImageId(account, account % 100), description: `round ${RUNNING_NUMBER}` };
  const mutation = operation(
    token,
    'mutation Describe($input: UpdateImageInput!) { updateImage(input: $input) { image { id description } userErrors { message } } }',
    { input },
  );
  const read = operation(token, '{ images(first: 100) { nodes { id description } } }');
  return [mutation, ...Array.from({ length: 9 }, () => read)];
}
