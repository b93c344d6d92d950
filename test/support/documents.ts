import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE } from './gateway.js';

/** One document of the repository. */
export interface Document {
  /** From the repository's root. */
  path: string;
  text: string;
}

/** A fenced block of code. */
export interface Block {
  language: string;
  code: string;
}

const AT_THE_ROOT = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];

export const read = (path: string): string => readFileSync(join(PACKAGE, path), 'utf8');

/** All documents for readers. */
export const documents: readonly Document[] = [
  ...AT_THE_ROOT.filter((path) => existsSync(join(PACKAGE, path))),
  ...readdirSync(join(PACKAGE, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
].map((path) => ({ path, text: read(path) }));

/** What `path` says. */
export function documentAt(path: string): Document {
  const found = documents.find((document) => document.path === path);
  if (!found) throw new Error(`There is no ${path}`);
  return found;
}

const FENCED = /^```(\w*)\n(.*?)^```$/gms;

/** The fenced blocks, from top to bottom. */
export const blocksOf = ({ text }: Document): Block[] =>
  [...text.matchAll(FENCED)].map(([, language = '', code = '']) => ({ language, code }));

/** All that is between single backquotes, outside of fenced blocks. */
export const codeWordsOf = ({ text }: Document): string[] =>
  [...text.replace(FENCED, '').matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word);
