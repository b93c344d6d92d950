import type {} from 'monaco-editor';
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker?worker';
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker?worker';
import GraphQLWorker from 'monaco-graphql/esm/graphql.worker?worker';

/** Own imports, because `graphiql/setup-workers/vite` does not survive every bundler setup (graphiql#4473). */
window.MonacoEnvironment = {
  getWorker(_moduleId: string, language: string) {
    if (language === 'json') return new JsonWorker();
    if (language === 'graphql') return new GraphQLWorker();
    return new EditorWorker();
  },
};
