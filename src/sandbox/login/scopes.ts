const KINDS =
  'account child_account databases domains events firewall images ips linodes lke longview monitor nodebalancers object_storage stackscripts volumes vpc';
const SCOPE = new RegExp(`^(?:\\*|(?:${KINDS.replaceAll(' ', '|')}):read_(?:only|write))$`);

/** The requested scopes, by either name of the parameter, separated by spaces or commas. */
export const requestedScopes = (parameters: URLSearchParams): string[] =>
  (parameters.get('scope') ?? parameters.get('scopes') ?? '').split(/[ ,]+/).filter((word) => word !== '');

export const isScope = (word: string): boolean => SCOPE.test(word);
