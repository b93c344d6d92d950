import { ToolbarButton, tryParseJSONC, useGraphiQL } from '@graphiql/react';
import { useState, type ReactNode } from 'react';
import { endpoint } from './config';
import { asCurl, asLink } from './copies';
import { explain } from './fetcher';

export function ExplainButton() {
  const [isOn, setIsOn] = useState(explain.isOn);
  const toggle = () => {
    explain.isOn = !isOn;
    setIsOn(!isOn);
  };
  return (
    <ToolbarButton
      label={isOn ? 'Explain: on (see extensions.explain of the answer)' : 'Explain what the gateway did'}
      aria-pressed={isOn}
      className={isOn ? 'toolbar-on' : ''}
      onClick={toggle}
    >
      <Icon>
        <circle cx="12" cy="12" r="9" />
        <path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.6v.1" />
      </Icon>
    </ToolbarButton>
  );
}

export function CopyAsCurlButton() {
  const operation = useOperation();
  return (
    <CopyButton
      label="Copy as curl (without your token)"
      text={() => asCurl(endpoint, operation(), explain.isOn)}
    >
      <path d="M4 6l5 6-5 6M12 18h8" />
    </CopyButton>
  );
}

export function CopyLinkButton() {
  const operation = useOperation();
  return (
    <CopyButton
      label="Copy a link to this query (without headers)"
      text={() => asLink(location, operation())}
    >
      <path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1-1" />
    </CopyButton>
  );
}

function CopyButton({ label, text, children }: { label: string; text: () => string; children: ReactNode }) {
  const [outcome, setOutcome] = useState<string | null>(null);
  const show = (words: string) => {
    setOutcome(words);
    setTimeout(() => setOutcome(null), 2000);
  };
  const copy = () => {
    let copied: string;
    try {
      copied = text();
    } catch (error) {
      return show(`Not copied: ${error instanceof Error ? error.message : String(error)}`);
    }
    writeToClipboard(copied).then(
      () => show('Copied'),
      () => show('Not copied: the browser refuses'),
    );
  };
  return (
    <ToolbarButton label={outcome ?? label} className={outcome ? 'toolbar-on' : ''} onClick={copy}>
      <Icon>{children}</Icon>
    </ToolbarButton>
  );
}

/** `navigator.clipboard` exists on https and loopback only. */
async function writeToClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = Object.assign(document.createElement('textarea'), { value: text });
  document.body.append(box);
  box.select();
  const isCopied = document.execCommand('copy');
  box.remove();
  if (!isCopied) throw new Error('refused');
}

function useOperation() {
  const { queryEditor, variableEditor, headerEditor, operationName } = useGraphiQL((state) => ({
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
    headerEditor: state.headerEditor,
    operationName: state.operationName,
  }));
  return () => ({
    query: queryEditor?.getValue() ?? '',
    variables: parsed('Variables', variableEditor?.getValue()),
    headers: parsed('Headers', headerEditor?.getValue()),
    operationName,
  });
}

function parsed(what: string, json: string | undefined): Record<string, unknown> | undefined {
  try {
    return tryParseJSONC(json);
  } catch (error) {
    throw new Error(`${what} ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      className="graphiql-toolbar-icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}
