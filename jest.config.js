import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const tests = fileURLToPath(new URL('test/', import.meta.url));

/** The files that have a larger size for `npm run test:deep`: those that import test/support/depth.ts. */
const deepFiles = () =>
  readdirSync(tests, { recursive: true }).filter(
    (path) => path.endsWith('.test.ts') && readFileSync(tests + path, 'utf8').includes('support/depth.js'),
  );

/** Tests load the sources through SWC as CommonJS (ADR 1); types are checked by `npm run check:types`. */
export default {
  testEnvironment: 'node',
  testMatch:
    process.env.TEST_DEPTH === 'deep'
      ? deepFiles().map((path) => `<rootDir>/test/${path}`)
      : ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
    // The one dependency that is ESM only.
    '/node_modules/oauth4webapi/.+\\.js$': ['@swc/jest', { module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['/node_modules/(?!oauth4webapi/)'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testTimeout: 90_000,
  maxWorkers: 2,
  testSequencer: './test/support/longestFirst.mjs',
};
