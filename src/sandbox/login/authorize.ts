import type { ApiResponse } from '../response.js';
import type { SandboxRequest } from '../requestLog.js';
import { isRegistered } from './client.js';
import { readForm } from './form.js';
import type { Logins } from './logins.js';
import { consentPage, errorPage, htmlResponse } from './pages.js';
import { isScope, requestedScopes } from './scopes.js';

/**
 * `GET /oauth/authorize` shows the consent page; with `login=alice` it is answered at once, for tests without a
 * browser (`decision=deny` refuses). `POST` is the page's form.
 */
export function authorize(logins: Logins, request: SandboxRequest): ApiResponse {
  const parameters = request.method === 'POST' ? readForm(request) : new URLSearchParams(request.query);
  const client = logins.client(parameters.get('client_id'));
  if (!client) return htmlResponse(400, errorPage('Unknown client_id'));
  const redirectUri = parameters.get('redirect_uri') ?? client.redirectUri;
  if (!isRegistered(client, redirectUri)) {
    return htmlResponse(400, errorPage(`redirect_uri does not lie under ${client.redirectUri}`));
  }
  const redirect = (answer: Record<string, string>): ApiResponse => {
    const location = new URL(redirectUri);
    const state = parameters.get('state');
    for (const [name, value] of Object.entries({ ...answer, ...(state !== null && { state }) })) {
      location.searchParams.append(name, value);
    }
    return { status: 302, body: '', headers: { Location: location.href, 'Cache-Control': 'no-store' } };
  };

  if (parameters.get('response_type') !== 'code') return redirect({ error: 'unsupported_response_type' });
  const scopes = requestedScopes(parameters);
  if (scopes.length === 0 || !scopes.every(isScope)) return redirect({ error: 'invalid_scope' });
  const challenge = parameters.get('code_challenge');
  const isPkceMissing = client.secret === null && challenge === null;
  if (isPkceMissing || (challenge !== null && parameters.get('code_challenge_method') !== 'S256')) {
    return redirect({ error: 'invalid_request', error_description: 'PKCE needs code_challenge by S256' });
  }

  const username = parameters.get('login');
  if (parameters.get('decision') === 'deny') return redirect({ error: 'access_denied' });
  if (username === null || !logins.usernames.includes(username)) {
    return htmlResponse(200, consentPage({ client, scopes, usernames: logins.usernames, parameters }));
  }
  const grant = { clientId: client.id, username, scopes: scopes.join(' ') };
  return redirect({ code: logins.issueCode(grant, redirectUri, challenge) });
}
