import TestSequencer from '@jest/test-sequencer';

/** These take longest: one of them begun last would be waited for alone. */
const LONG = [
  'catalog/isolation',
  'catalog/images/races',
  'http/routes/graphiql',
  'catalog/images/writes',
  'fuzz/fuzz',
];

/** The long test files first, the others in Jest's own order: in a fresh clone it knows no times, only sizes. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rank(one.path) - rank(other.path));
  }
}

function rank(path) {
  const at = LONG.findIndex((name) => path.replaceAll('\\', '/').endsWith(`/test/${name}.test.ts`));
  return at < 0 ? LONG.length : at;
}
