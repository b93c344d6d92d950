import type { CodegenConfig } from '@graphql-codegen/cli';

/** `npx graphql-codegen --config examples/clients/fetch/codegen.ts`; in your project with your own paths. */
const config: CodegenConfig = {
  // Or the address of a gateway: http://127.0.0.1:4000/graphql
  schema: 'schema/*.graphql',
  documents: 'examples/clients/fetch/*.graphql',
  // As Node resolves imports. With a bundler, leave it out.
  importExtension: '.js',
  generates: {
    'examples/clients/fetch/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        defaultScalarType: 'unknown',
        scalars: { DateTime: 'string', URL: 'string' },
      },
    },
  },
};

export default config;
