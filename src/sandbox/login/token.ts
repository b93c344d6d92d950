import type { SandboxRequest } from '../requestLog.js';
import type { ApiResponse } from '../response.js';
import type { OAuthClient } from './client.js';
import { readForm } from './form.js';
import type { Logins, TokenPair } from './logins.js';

const NO_STORE = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };

/** `POST /oauth/token`: both grants. `grant_type` may be left out for a code, as Linode allows. */
export function token(logins: Logins, request: SandboxRequest): ApiResponse {
  const form = readForm(request);
  const client = logins.client(form.get('client_id'));
  if (!client || !isAuthenticated(client, form)) return refusal(401, 'invalid_client');
  const pair = grantFor(logins, client, form);
  if (typeof pair === 'string') return refusal(400, pair);
  return {
    status: 200,
    body: JSON.stringify({
      access_token: pair.accessToken,
      expires_in: pair.expiresInSeconds,
      refresh_token: pair.refreshToken,
      scope: pair.scopes,
      scopes: pair.scopes,
      token_type: 'bearer',
    }),
    headers: NO_STORE,
  };
}

/** `POST /oauth/revoke`: 200 whatever the token is. */
export function revoke(logins: Logins, request: SandboxRequest): ApiResponse {
  const form = readForm(request);
  const client = logins.client(form.get('client_id'));
  if (!client || !isAuthenticated(client, form)) return refusal(401, 'invalid_client');
  logins.revoke(form.get('token') ?? '');
  return { status: 200, body: '{}', headers: NO_STORE };
}

/** The tokens, or the error code of RFC 6749. */
function grantFor(logins: Logins, client: OAuthClient, form: URLSearchParams): TokenPair | string {
  switch (form.get('grant_type') ?? 'authorization_code') {
    case 'authorization_code': {
      const code = form.get('code');
      if (code === null) return 'invalid_request';
      const verifier = form.get('code_verifier');
      const redirectUri = form.get('redirect_uri');
      return logins.exchange(client, code, { verifier, redirectUri }) ?? 'invalid_grant';
    }
    case 'refresh_token': {
      if (client.secret === null) return 'unauthorized_client';
      return logins.refresh(client, form.get('refresh_token') ?? '') ?? 'invalid_grant';
    }
    default:
      return 'unsupported_grant_type';
  }
}

const isAuthenticated = ({ secret }: OAuthClient, form: URLSearchParams): boolean =>
  secret === null || form.get('client_secret') === secret;

const refusal = (status: number, error: string): ApiResponse => ({
  status,
  body: JSON.stringify({ error, error_description: DESCRIPTIONS[error] ?? error }),
  headers: NO_STORE,
});

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  invalid_client: 'The client is unknown, or its secret is wrong',
  invalid_grant: 'The code or refresh token is invalid, expired or used',
  invalid_request: 'The code is missing',
  unauthorized_client: 'A public client gets no refresh tokens',
  unsupported_grant_type: 'grant_type must be authorization_code or refresh_token',
};
