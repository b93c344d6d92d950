import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { VARIABLES } from '../../src/config/variables.js';
import { blocksOf, codeWordsOf, documentAt, documents, read } from '../support/documents.js';
import { PACKAGE } from '../support/gateway.js';

const manifest = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  overrides: Record<string, string>;
};
const exists = (path: string): boolean => existsSync(join(PACKAGE, path));

const linesOf = (folder: string): string[] =>
  readdirSync(join(PACKAGE, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(join(PACKAGE, path)).isFile() && !path.startsWith('test/docs'))
    .map(read);
/** All that the repository is made of, but its documents. */
const code = [
  ...['src', 'schema', 'test', 'scripts', 'bench', 'ops', 'graphiql'].flatMap(linesOf),
  ...['package.json', 'Dockerfile', 'compose.yaml', '.ci/run'].map(read),
].join('\n');

/** As GitHub names a heading. */
const anchorsOf = (text: string): string[] =>
  [...text.replace(/^```.*?^```$/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** What somebody's run leaves behind, and what is built. */
const MADE = /^(?:dist|bench\/results|examples\/persisted\/generated)\b/;
const IN_THE_REPOSITORY = /^(?:src|test|schema|scripts|bench|ops|docs|examples|graphiql|\.ci)\/[\w./-]+$/;

describe.each(documents)('$path', (document) => {
  const { path, text } = document;

  it('links to what there is', () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = targets.filter((target) => {
      if (/^https?:/.test(target)) return false;
      const [file = '', anchor] = target.split('#');
      const linked = file === '' ? path : join(dirname(path), file);
      if (!exists(linked)) return true;
      return anchor !== undefined && !anchorsOf(read(linked)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names files and folders that there are', () => {
    const named = codeWordsOf(document).filter((word) => IN_THE_REPOSITORY.test(word) && !MADE.test(word));
    expect(named.filter((file) => !exists(file))).toEqual([]);
  });

  it('names scripts that there are', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !(script in manifest.scripts))).toEqual([]);
  });

  it('sets variables that there are', () => {
    const lines = blocksOf(document)
      .filter(({ language }) => language === 'sh')
      .flatMap((block) => block.code.split('\n'));
    const set = lines.flatMap(
      (line) => /^((?:[A-Z_]+=\S+ +)+)\w/.exec(line)?.[1]?.match(/[A-Z_]+(?==)/g) ?? [],
    );
    // The uploader's, which is no part of the gateway.
    const known = [...Object.keys(VARIABLES), 'LINODE_TOKEN'];
    expect(set.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('uses no word in capitals that the code does not know', () => {
    const words = codeWordsOf(document).filter((word) => /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/.test(word));
    // OpenTelemetry's variables are read by its own SDK.
    expect(words.filter((word) => !code.includes(word) && !word.startsWith('OTEL_'))).toEqual([]);
  });
});

it('the README has at most 200 lines', () => {
  expect(read('README.md').split('\n').length - 1).toBeLessThanOrEqual(200);
});

describe('docs/development.md', () => {
  const development = documentAt('docs/development.md');

  it('names every script', () => {
    const shown = Object.keys(manifest.scripts).filter(
      (name) => !/^(?:pre|check:)/.test(name) && !['start', 'test'].includes(name),
    );
    expect(shown.filter((name) => !development.text.includes(`npm run ${name}`))).toEqual([]);
  });

  it('gives a reason for every dependency at run time, and for every override', () => {
    const { dependencies, optionalDependencies, overrides } = manifest;
    const packages = Object.keys({ ...dependencies, ...optionalDependencies, ...overrides });
    expect(packages.filter((name) => !development.text.includes(`\`${name}\``))).toEqual([]);
  });
});

it('the index lists every document', () => {
  const index = documentAt('docs/README.md').text;
  const inDocs = documents.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
  const missing = inDocs.filter(
    (path) => path !== 'docs/README.md' && !index.includes(`](${path.slice(5)})`),
  );
  expect(missing).toEqual([]);
});

it('docs/errors.md tells every code', () => {
  const sources = ['src/graphql', 'src/http'].flatMap(linesOf).join('\n');
  const given = [
    ...sources.matchAll(/\bcode: '([A-Z_]+)'/g),
    ...sources.matchAll(/sendError\(\s*res,\s*\w+,\s*'([A-Z_]+)'/g),
    ...sources.matchAll(/^ {2}\| '([A-Z_]+)'/gm),
    ...read('schema/userError.graphql').matchAll(/^ {2}([A-Z_]+)$/gm),
  ].map(([, code = '']) => code);
  expect(given.length).toBeGreaterThan(10);
  const told = codeWordsOf(documentAt('docs/errors.md'));
  expect([...new Set(given)].filter((code) => !told.includes(code))).toEqual([]);
});
