import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './style.css';
import './workers';
import { readConfig, readLink } from './config';
import { examples, SANDBOX_HEADERS, TOKEN_HINT } from './examples';
import { examplesPane } from './examplesPane';
import { fetcher } from './fetcher';
import { SESSION_HINT, SessionBar } from './session';
import { storage } from './storage';
import { CopyAsCurlButton, CopyLinkButton, ExplainButton } from './toolbar';

const config = readConfig();
const link = readLink();
// Where users sign in, no example brings a token of its own.
const ownExamples = examples(config.sandbox).filter(({ headers }) => !config.sessions || !headers);
const defaultHeaders = config.sessions ? SESSION_HINT : config.sandbox ? SANDBOX_HEADERS : TOKEN_HINT;
const plugins = [examplesPane(ownExamples), HISTORY_PLUGIN];

function App() {
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      plugins={plugins}
      defaultTabs={link ? [link, ...ownExamples] : ownExamples}
      defaultHeaders={defaultHeaders}
      defaultEditorToolsVisibility="headers"
      shouldPersistHeaders={false}
      inputValueDeprecation
      schemaDescription
      {...(link && { initialQuery: link.query, initialVariables: link.variables })}
    >
      <GraphiQL.Logo>
        <span className="logo">Linode Images</span>
        {config.sandbox && (
          <span
            className="sandbox"
            title="An embedded Linode: nothing here is real, and its tokens are public."
          >
            sandbox
          </span>
        )}
        {config.sessions && <SessionBar />}
      </GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, merge, copy }) => (
          <>
            {prettify}
            {merge}
            {copy}
            <CopyAsCurlButton />
            <CopyLinkButton />
            {config.explain && <ExplainButton />}
          </>
        )}
      </GraphiQL.Toolbar>
      <FollowSystemTheme />
      {link?.operationName && <SelectOperation name={link.operationName} />}
      {!config.sandbox && !config.sessions && <CarryHeaders />}
    </GraphiQL>
  );
}

/** GraphiQL's own colors follow the system while it runs; Monaco's are set once. */
function FollowSystemTheme() {
  const theme = useGraphiQL((state) => state.theme);
  const { setTheme } = useGraphiQLActions();
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setTheme(theme);
    system.addEventListener('change', follow);
    return () => system.removeEventListener('change', follow);
  }, [theme, setTheme]);
  return null;
}

/** Chooses the link's operation once; later the editor's cursor chooses. */
function SelectOperation({ name }: { name: string }) {
  const isKnown = useGraphiQL((state) =>
    state.operations?.some((operation) => operation.name?.value === name),
  );
  const { setOperationName } = useGraphiQLActions();
  useEffect(() => {
    if (isKnown) setOperationName(name);
  }, [isKnown, name, setOperationName]);
  return null;
}

/** GraphiQL keeps headers per tab; a token typed in one tab serves in those that have none yet. */
function CarryHeaders() {
  const { headers, activeTabIndex, headerEditor } = useGraphiQL((state) => ({
    headers: state.tabs[state.activeTabIndex]?.headers ?? TOKEN_HINT,
    activeTabIndex: state.activeTabIndex,
    headerEditor: state.headerEditor,
  }));
  const typed = useRef(TOKEN_HINT);
  useEffect(() => {
    if (headers !== TOKEN_HINT) typed.current = headers;
  }, [headers]);
  useEffect(() => {
    if (headerEditor?.getValue() === TOKEN_HINT && typed.current !== TOKEN_HINT) {
      headerEditor.setValue(typed.current);
    }
  }, [activeTabIndex, headerEditor]);
  return null;
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
