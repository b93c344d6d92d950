import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** The floors of the house, top first. A room may import itself, the rooms below it, and the leaves of `src/`. */
const FLOORS = ['http', 'graphql', 'loaders', 'catalog', 'linode'];

const zones = FLOORS.map((floor, i) => ({
  target: `./src/${floor}`,
  from: [
    './src/main.ts',
    './src/config/readConfig.ts',
    './src/sandbox',
    ...FLOORS.slice(0, i).map((above) => `./src/${above}`),
  ],
  message: `src/${floor} imports downward only: ${FLOORS.join(' → ')}.`,
}));

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'src/generated', 'examples/persisted/generated', '.cache'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })],
      // Without these the plugin reads no TypeScript, and no-cycle finds nothing.
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...zones,
            {
              target: './src/cluster',
              from: './src',
              except: [
                './cluster',
                './catalog',
                './linode',
                './clock.ts',
                './cancellation.ts',
                './version.ts',
              ],
              message: 'src/cluster imports catalog and linode only.',
            },
            {
              target: FLOORS.map((floor) => `./src/${floor}`),
              from: './src/cluster',
              message:
                'Only the door (src/main.ts, src/process/primary.ts, src/process/worker.ts) knows that there are several processes.',
            },
            {
              target: './src/sandbox',
              from: './src',
              except: ['./sandbox', './version.ts'],
              message: 'The sandbox imports nothing of the rooms above it.',
            },
            {
              target: './src/generated',
              from: './src',
              except: ['./generated', './graphql/context.ts'],
              message: 'Generated types know the context type only.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/*.ts', 'src/sandbox/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only src/config/readConfig.ts reads the environment.',
        },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
  },
);
