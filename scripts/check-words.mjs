/**
 * Finds phrases for which the field has a standard term, in sources, tests and documents; exits 1 when there are any.
 * Single words are flagged by cspell (cspell.config.yml).
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TERMS = [
  // Not FAST_LANE, which is read for one release.
  [/fast[ -]?lane/i, 'response cache'],
  [/\blong.?way\b/i, 'without the cache'],
  [/\bkept.?(answer|byte|repl)/i, 'cache entry'],
  [/\b(MOST|LONGEST|LARGEST)_[A-Z]/, 'MAX_'],
  [/\b(FEWEST|SHORTEST|LEAST)_[A-Z]/, 'MIN_'],
  [/PATIENCE/, 'TIMEOUT_MS'],
  [/\b(is|are|was|were|be|been|being|gets?) told\b/i, 'receives, is notified'],
  [/\bgiv(e|es|ing|en) (it |them |this )?up\b|\bgave (it |them )?up\b/i, 'abort, cancel, time out'],
  [/\blet(s|ting)? go( of)?\b/i, 'release, evict'],
  [/\bbugs? of ours\b/i, 'internal error'],
  [/\bas it was\b/i, 'unchanged'],
  [/\bwhat is no\b/i, 'name what it is'],
  [/\bthe house\b/i, 'architecture'],
  [/\b(is|are|be|it's|was|were) no good\b/i, 'stale, invalid'],
  [/\bask(s|ed|ing)? (it |them |Linode )?again\b/i, 'refetch, revalidate, retry'],
];

/** The released schema changes with a release only; the protocol of the cluster is to be replaced. */
const FILES = [
  ':!released',
  ':!src/cluster',
  ':!test/cluster',
  '*.ts',
  '*.tsx',
  '*.mjs',
  '*.js',
  '*.graphql',
  '*.md',
  '*.yml',
  '*.yaml',
  '.ci/run',
];
const self = fileURLToPath(import.meta.url);
const listed = execFileSync('git', ['ls-files', '-z', '--', ...FILES], { encoding: 'utf8' });

let found = 0;
for (const path of listed.split('\0').filter((name) => name !== '' && !self.endsWith(name))) {
  for (const [i, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    for (const [pattern, instead] of TERMS) {
      const phrase = pattern.exec(line)?.[0];
      if (phrase === undefined) continue;
      found++;
      console.log(`${path}:${i + 1} "${phrase}": ${instead}`);
    }
  }
}
process.exitCode = found === 0 ? 0 : 1;
