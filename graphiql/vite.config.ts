import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The output's tree is the URLs' tree: the page is served at `/` and at `/graphql`, both of which resolve
 * `./graphiql/assets/…` to the same place, behind any path prefix. Hence the relative base and this `assetsDir`.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/graphiql',
    assetsDir: 'graphiql/assets',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // "use no memo" speaks to React's compiler, which has long run over these packages.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
    // Monaco is one editor, loaded once and cached for good: splitting it further gains nothing.
    chunkSizeWarningLimit: 5000,
  },
  // `npx vite graphiql` beside a running gateway gives hot reload.
  server: { proxy: { '/graphql': 'http://127.0.0.1:4000', '/auth': 'http://127.0.0.1:4000' } },
});
