import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { noticesOf, problemsOf } from '../../scripts/schemaChanges.js';
import { currentSchema } from '../../scripts/sdl.js';
import { printSorted } from '../../src/graphql/sdl.js';

const RELEASED = buildSchema(`
  type Query { a(x: Int, e: E): Int  b: String  u: U }
  enum E { A B }
  type U { c: Int }
  input I { f: Int }
  type Old { z: Int }
`);
const CURRENT = buildSchema(`
  type Query { a(x: Int!, e: E, y: Int!): Int  u: U }
  enum E { A C }
  type U { c: String }
  input I { f: Int  g: Int! }
`);
const COORDINATES = ['Query.a', 'Query.b', 'E.B', 'U.c', 'I.g', 'Old'];

const changelog = (breaking: string[]): string =>
  [
    '# Changelog\n\n## [Unreleased]\n\n### Breaking\n',
    ...breaking.map((name) => `- \`${name}\` changed.`),
    '\n### Added\n\n- `Old`, once more.\n\n## [0.1.0]\n\n### Breaking\n\n- `Query.b` went.',
  ].join('\n');

describe('changes of the schema since the last release', () => {
  it('are problems while the changelog does not name what breaks', () => {
    expect(problemsOf(RELEASED, CURRENT, changelog([]))).toHaveLength(7);
  });

  it('are accepted when the unreleased version names all of it under Breaking', () => {
    expect(problemsOf(RELEASED, CURRENT, changelog(COORDINATES))).toEqual([]);
  });

  it.each(COORDINATES)('are a problem when %s alone is missing from it', (coordinate) => {
    const others = COORDINATES.filter((each) => each !== coordinate);
    const problems = problemsOf(RELEASED, CURRENT, changelog(others));
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toContain(coordinate.split('.').at(-1));
  });

  it('are noticed when they can surprise a client', () => {
    expect(noticesOf(RELEASED, CURRENT)).toEqual(['VALUE_ADDED_TO_ENUM: C was added to enum type E.']);
  });

  it.each([
    ['type Query { a: Int @deprecated(reason: "Use b.") }', 'Query.a'],
    ['type Query { a(x: Int @deprecated(reason: "Use y.")): Int }', 'Query.a.x'],
    ['type Query { a: E } enum E { A @deprecated(reason: "Use B.") B }', 'E.A'],
    ['type Query { a(i: I): Int } input I { f: Int @deprecated(reason: "Use g.") }', 'I.f'],
  ])('are a problem when a deprecation has no reason or no date: %s', (sdl, path) => {
    const problem = [expect.stringContaining(`${path} is deprecated`)];
    const undated = buildSchema(sdl);
    expect(problemsOf(undated, undated, '')).toEqual(problem);
    const unexplained = buildSchema(sdl.replace(/Use \w\./, '2026-11-30'));
    expect(problemsOf(unexplained, unexplained, '')).toEqual(problem);
    const dated = buildSchema(sdl.replace('Use', '2026-11-30: use'));
    expect(problemsOf(dated, dated, '')).toEqual([]);
  });

  it('are printed as one document that is the same schema again', () => {
    const printed = printSorted(currentSchema());
    expect(printSorted(buildSchema(printed))).toBe(printed);
  });
});
