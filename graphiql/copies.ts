/** An operation as it leaves the page: for a terminal, or as a link. Neither ever holds a token. */
export interface Operation {
  query: string;
  variables?: Record<string, unknown> | undefined;
  headers?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
}

/** The only headers copied as they are: any other may be a secret, or a misspelt `Authorization`. */
const HARMLESS = ['cache-control'];

export function asCurl(endpoint: URL, operation: Operation, explain: boolean): string {
  const { query, variables, operationName, headers = {} } = operation;
  const names = Object.keys(headers);
  const lines = [
    `curl ${quoted(endpoint.href)}`,
    `-H 'Content-Type: application/json'`,
    ...(names.some((name) => name.toLowerCase() === 'authorization')
      ? [`-H "Authorization: Bearer $LINODE_TOKEN"`]
      : []),
    ...names
      .filter((name) => HARMLESS.includes(name.toLowerCase()))
      .map((name) => `-H ${quoted(`${name}: ${String(headers[name])}`)}`),
    ...(explain ? [`-H 'X-Explain: 1'`] : []),
    `--data-binary ${quoted(JSON.stringify({ query, variables, operationName }))}`,
  ];
  return lines.join(' \\\n  ');
}

export function asLink(page: { origin: string; pathname: string }, operation: Operation): string {
  const link = new URLSearchParams({ query: operation.query });
  if (operation.variables) link.set('variables', JSON.stringify(operation.variables, null, 2));
  if (operation.operationName) link.set('operationName', operation.operationName);
  return `${page.origin}${page.pathname}?${link}`;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
