/** An OAuth client, as `/account/oauth-clients` would show it. */
export interface OAuthClient {
  id: string;
  label: string;
  /** Null for a public client, which has PKCE instead. */
  secret: string | null;
  /** Redirect URIs must lie under it; `http://localhost` stands for every port of this machine, also over https. */
  redirectUri: string;
}

/** The confidential client that the gateway uses by default. Its secret is public: nothing behind it is real. */
export const SANDBOX_CLIENT = {
  id: '519d660133f3fbb47357',
  secret: '5a7d6f6e6c79666f7264656d6f6e6f74686973697370726f64756374696f6e21',
} as const;

/** A public client, such as a single-page app without a server: it gets no refresh tokens. */
export const SANDBOX_PUBLIC_CLIENT_ID = '42ddf75dfa2cacbad897';

const THIS_MACHINE = 'http://localhost';
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

export const sandboxClients = (): OAuthClient[] => [
  { ...SANDBOX_CLIENT, label: 'Linode Images gateway', redirectUri: THIS_MACHINE },
  { id: SANDBOX_PUBLIC_CLIENT_ID, label: 'Browser app', secret: null, redirectUri: THIS_MACHINE },
];

/** Whether the redirect URI lies under the registered one, as Linode requires. */
export function isRegistered(client: OAuthClient, redirectUri: string): boolean {
  if (!URL.canParse(redirectUri)) return false;
  const url = new URL(redirectUri);
  if (client.redirectUri === THIS_MACHINE)
    return /^https?:$/.test(url.protocol) && LOOPBACK.test(url.hostname);
  const registered = new URL(client.redirectUri);
  return url.origin === registered.origin && url.pathname.startsWith(registered.pathname);
}
