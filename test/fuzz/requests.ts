/** One HTTP request, well formed or not. */
export interface FuzzedRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Numbers in [0, 1) that a seed decides: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Makes requests about this API: documents by its grammar, then broken in up to four places. */
export class RequestFuzzer {
  constructor(private readonly random: () => number) {}

  next(): FuzzedRequest {
    const document = this.#mutated(this.#document());
    const sent: Record<string, unknown> = { query: document };
    if (this.#chance(0.6)) sent['variables'] = this.#variables();
    if (this.#chance(0.1)) sent['operationName'] = this.#pick<unknown>(['A', 'B', '', null, 5, '__proto__']);
    if (this.#chance(0.1)) sent['extensions'] = this.#extensions();
    const headers = this.#headers();
    if (this.#chance(0.15)) {
      const search = Object.entries(sent)
        .map(
          ([name, value]) =>
            `${name}=${this.#encoded(typeof value === 'string' ? value : JSON.stringify(value))}`,
        )
        .join('&');
      return { method: 'GET', path: `/graphql?${search}`.slice(0, 12_000), headers, body: '' };
    }
    const body = JSON.stringify(this.#chance(0.02) ? [sent, sent] : sent);
    const method = this.#chance(0.02) ? this.#pick(['PUT', 'HEAD', 'DELETE', 'OPTIONS', 'PATCH']) : 'POST';
    return { method, path: '/graphql', headers, body: this.#chance(0.15) ? this.#mutated(body) : body };
  }

  #document(): string {
    const kind = this.random();
    if (kind < 0.05) return this.#bomb();
    if (kind < 0.1) return INTROSPECTION[this.#below(INTROSPECTION.length)] ?? '';
    if (kind < 0.2) return operation('mutation', `{ ${this.#pick(MUTATIONS)} }`);
    const fragments = this.#chance(0.3)
      ? ` fragment F on Image { ${this.#imageFields(2)} ...${this.#pick(['F', 'G', 'H'])} } fragment G on Image { id }`
      : '';
    const fields = Array.from({ length: 1 + this.#below(4) }, () => this.#rootField());
    return operation('query', `${this.#directive()}{ ${fields.join(' ')} }${fragments}`);
  }

  #rootField(): string {
    const alias = this.#chance(0.3) ? `a${this.#below(9)}: ` : '';
    const field = this.#pick<() => string>([
      () => `images${this.#pageArguments()} { ${this.#connection(3)} }`,
      () => `image(id: ${this.#id()}) { ${this.#imageFields(3)} }`,
      () => `node(id: ${this.#id()}) { __typename ... on Image { ${this.#imageFields(2)} } }`,
      () => `nodes(ids: [${this.#id()}, ${this.#id()}]) { id }`,
      () => 'region(id: "us-east") { id label }',
      () =>
        `linodes(first: ${this.#pick(['1', '50', '$n', '500'])}) { nodes { id image { ${this.#imageFields(1)} } } }`,
      () => '__typename',
    ])();
    return alias + field.replace('{', `${this.#directive()}{`);
  }

  #connection(depth: number): string {
    const fields = this.#imageFields(depth);
    return this.#pick([
      `nodes { ${fields} }`,
      `edges { cursor node { ${fields} } } pageInfo { endCursor hasNextPage }`,
      'totalCount',
      `nodes { ${fields} }`,
    ]);
  }

  #imageFields(depth: number): string {
    const fields = Array.from({ length: 1 + this.#below(6) }, () =>
      this.#pick(this.#chance(0.01) ? ['nope'] : IMAGE_FIELDS),
    );
    if (depth > 0 && this.#chance(0.2)) {
      fields.push(
        `linodes${this.#pageArguments()} { nodes { id image { ${this.#imageFields(depth - 1)} } } }`,
      );
    }
    return fields.join(' ');
  }

  #pageArguments(): string {
    if (this.#chance(0.3)) return '';
    const typed: Record<string, string[]> = {
      first: ['1', '50', '500', '$n', '501'],
      last: ['1', '500', '$n', '0'],
      after: ['"abc"', '"WyJpZCJd"', 'null'],
      before: ['""', '$nope'],
      offset: ['0', '7', '-1', '99999999999'],
      orderBy: ['{ field: LABEL }', '[{ field: SIZE, direction: DESC }]', '[]'],
    };
    const args = ['first', 'last', 'after', 'before', 'offset', 'filter', 'orderBy', 'nope']
      .filter((name) => this.#chance(name === 'nope' ? 0.02 : 0.25))
      .map((name) => {
        if (name === 'filter') return `filter: ${this.#filter(3)}`;
        return `${name}: ${this.#chance(0.9) ? this.#pick(typed[name] ?? LITERALS) : this.#value()}`;
      });
    return args.length > 0 ? `(${args.join(', ')})` : '';
  }

  #filter(depth: number): string {
    if (depth > 0 && this.#chance(0.3)) {
      return this.#pick([
        `{ and: [${this.#filter(depth - 1)}, ${this.#filter(depth - 1)}] }`,
        `{ or: [${this.#filter(depth - 1)}] }`,
        `{ not: ${this.#filter(depth - 1)} }`,
      ]);
    }
    return this.#pick([
      '{ label: { contains: "debian" } }',
      '{ size: { gt: $n } }',
      `{ size: { gt: ${this.#value()} } }`,
      `{ created: { gte: ${this.#value()} } }`,
      `{ type: [MANUAL, ${this.#value()}] }`,
      '$filter',
      '{}',
    ]);
  }

  #id(): string {
    return this.#pick([
      '$id',
      '"private/1"',
      '"linode/debian12"',
      '"linodes/1"',
      '"../account"',
      '7',
      'null',
      'MANUAL',
    ]);
  }

  #value(): string {
    return this.#pick(LITERALS);
  }

  #directive(): string {
    return this.#chance(0.1)
      ? `${this.#pick(['@skip(if: $b)', '@include(if: true)', '@nope', '@skip'])} `
      : '';
  }

  /** What is meant to overwhelm. */
  #bomb(): string {
    const n = 50 + this.#below(3000);
    return this.#pick<() => string>([
      () => `{ ${Array.from({ length: n }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      () => `${'{ image(id: 1) '.repeat(n)}${'}'.repeat(n)}`,
      () => `{ __typename ${'@a '.repeat(n)} }`,
      () => `{ ${'__typename '.repeat(n)} }`,
      () => `{ images { nodes { ${'id '.repeat(n)} } } }`,
      () => `query(${Array.from({ length: n }, (_, i) => `$v${i}: Int`).join(' ')}) { __typename }`,
      () => `{ images(filter: ${'{ not: '.repeat(n)}{}${'}'.repeat(n)}) { totalCount } }`,
      () => `{ nodes(ids: [${'"private/1" '.repeat(n)}]) { id } }`,
      () =>
        `{ ...F0 } ${Array.from({ length: Math.min(n, 200) }, (_, i) => `fragment F${i} on Query { a: __typename ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F${Math.min(n, 200)} on Query { __typename }`,
      () => '"'.repeat(n) + '\\'.repeat(n),
      () => '#'.repeat(n) + '\n{ __typename }',
    ])();
  }

  #variables(): unknown {
    if (this.#chance(0.03)) return this.#pick<unknown>([[], 'text', 5, null, true]);
    const variables: Record<string, unknown> = {};
    for (const name of ['id', 'n', 'filter', 'b', 'input', '__proto__', 'constructor']) {
      if (this.#chance(0.25)) {
        Object.defineProperty(variables, name, {
          value: this.#json(4),
          enumerable: true,
          configurable: true,
        });
      }
    }
    return variables;
  }

  #json(depth: number): unknown {
    if (depth > 0 && this.#chance(0.4)) {
      const names = [
        'or',
        'and',
        'not',
        'label',
        'size',
        'contains',
        'eq',
        'gt',
        'id',
        'diskId',
        'region',
        '__proto__',
      ];
      if (this.#chance(0.4)) return Array.from({ length: this.#below(5) }, () => this.#json(depth - 1));
      return Object.fromEntries(
        Array.from({ length: this.#below(4) }, () => [this.#pick(names), this.#json(depth - 1)]),
      );
    }
    return this.#pick<unknown>([
      'private/1',
      'linode/debian12',
      '',
      ' ',
      '../account',
      'x'.repeat(5000),
      '\u0000\ud800',
      0,
      -1,
      1,
      500,
      501,
      2 ** 31,
      1.5,
      1e308,
      true,
      false,
      null,
      '2024-01-01T00:00:00Z',
      'MANUAL',
    ]);
  }

  #extensions(): unknown {
    const sha256Hash = this.#pick<unknown>(['0'.repeat(64), 'nope', '', null, 5, {}]);
    const version = this.#pick<unknown>([1, 2, '1', null]);
    return this.#pick<unknown>([
      { persistedQuery: { version, sha256Hash } },
      {},
      [],
      'x',
      { persistedQuery: 1 },
    ]);
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = {};
    const type = this.#chance(0.9) ? 'application/json' : this.#pick(TYPES);
    if (type !== '') headers['content-type'] = type;
    if (this.#chance(0.7))
      headers['authorization'] = this.#chance(0.9)
        ? this.#pick(TOKENS_OF_THE_SANDBOX)
        : this.#pick(AUTHORIZATIONS);
    if (this.#chance(0.1)) headers['accept'] = this.#pick(ACCEPTS);
    if (this.#chance(0.1))
      headers['cache-control'] = this.#pick(['no-cache', 'max-age=0', 'max-age=-1', ',,;=']);
    if (this.#chance(0.05)) headers['x-explain'] = '1';
    if (this.#chance(0.05)) headers['x-request-id'] = this.#pick(['a', 'x'.repeat(500), '"><script>']);
    if (this.#chance(0.02)) headers['content-encoding'] = this.#pick(['gzip', 'br', 'identity', 'nope']);
    if (this.#chance(0.05)) headers['origin'] = this.#pick(['https://a.example', 'null', '']);
    if (this.#chance(0.01)) headers['x-long'] = 'x'.repeat(20_000);
    return headers;
  }

  /** Cuts, doubles, swaps and inserts in up to four places; most texts stay as they are. */
  #mutated(text: string): string {
    let mutated = text;
    for (let left = this.#chance(0.6) ? 0 : 1 + this.#below(4); left > 0; left--) {
      const at = this.#below(mutated.length + 1);
      const end = Math.min(mutated.length, at + this.#below(12));
      const before = mutated.slice(0, at);
      mutated = this.#pick<() => string>([
        () => before + mutated.slice(end),
        () => before + mutated.slice(at, end) + mutated.slice(at),
        () => before + this.#pick(TOKENS) + mutated.slice(at),
        () => before + this.#pick(TOKENS) + mutated.slice(end),
        () => before + String.fromCharCode(this.#below(0x3000)) + mutated.slice(at),
      ])();
    }
    return mutated;
  }

  #encoded(text: string): string {
    // A lone surrogate can't be encoded; Buffer replaces it.
    const wellFormed = Buffer.from(text).toString();
    return this.#chance(0.05) ? encodeURI(wellFormed).replaceAll('#', '') : encodeURIComponent(wellFormed);
  }

  #chance(probability: number): boolean {
    return this.random() < probability;
  }

  #below(n: number): number {
    return Math.floor(this.random() * n);
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)] as T;
  }
}

/** Declares the variables that are used, for unused ones are an error by themselves. */
function operation(type: string, rest: string): string {
  const used = Object.entries(VARIABLES).filter(([name]) => rest.includes(name));
  const declared = used.map(([name, definition]) => `${name}: ${definition}`).join(', ');
  return `${type} A${declared === '' ? '' : `(${declared})`} ${rest}`;
}

const VARIABLES = {
  $id: 'ID! = "private/1"',
  $n: 'Int',
  $filter: 'ImageFilter',
  $b: 'Boolean! = false',
  $input: 'CreateImageInput!',
};
const IMAGE_FIELDS =
  'id label description created updated createdBy isPublic deprecated size type status capabilities vendor expiry eol uploadExpiresAt __typename'.split(
    ' ',
  );
const LITERALS = [
  '1',
  '0',
  '-1',
  '500',
  '501',
  '99999999999',
  '1.5',
  'null',
  'true',
  'MANUAL',
  '$n',
  '$id',
  '$filter',
  '$nope',
  '"private/1"',
  '"linode/debian12"',
  '"../account"',
  '""',
  '"""block"""',
  '"\\u0000"',
  '[]',
  '{}',
  '[1, "a"]',
  '{ field: LABEL }',
  '[{ field: SIZE, direction: DESC }]',
];
const MUTATIONS = [
  'createImage(input: $input) { image { id } userErrors { message } }',
  'updateImage(input: { id: $id, label: null }) { userErrors { code field } }',
  'deleteImage(input: { id: "private/0" }) { deletedImageId userErrors { code } }',
  'initiateImageUpload(input: { label: "", region: "nowhere" }) { uploadTo userErrors { code } }',
];
const INTROSPECTION = [
  '{ __schema { types { name fields { name type { name ofType { name } } } } } }',
  '{ __type(name: "Image") { fields { type { fields { type { name } } } } } }',
  '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
];
const TOKENS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '"',
  '"""',
  '\\',
  '$',
  '@',
  '...',
  '!',
  '|',
  '&',
  ':',
  '=',
  '#',
  '\n',
  '\0',
  '\ufeff',
  'on',
  'fragment',
  'subscription',
  'null',
  '1e999',
  '__proto__',
  ' ',
];
const TYPES = [
  '',
  'text/plain',
  'application/graphql',
  'application/json; charset=utf-16',
  'application/json; charset=',
  'multipart/form-data',
  ';',
  'application/graphql-response+json',
  'x'.repeat(300),
];
const AUTHORIZATIONS = [
  'Bearer alice-full',
  'Bearer alice-read',
  'Bearer bob-full',
  'Bearer carol-restricted',
  'Bearer',
  'Basic eDp5',
  'Bearer a b',
  'Bearer nope',
];
const TOKENS_OF_THE_SANDBOX = ['alice-full', 'alice-read', 'bob-full', 'carol-restricted'].map(
  (token) => `Bearer ${token}`,
);
const ACCEPTS = [
  'application/json',
  'application/graphql-response+json',
  '*/*',
  'text/html',
  'multipart/mixed; deferSpec=20220824',
  'text/event-stream',
  'application/xml',
  ',;q=x',
  '',
];
