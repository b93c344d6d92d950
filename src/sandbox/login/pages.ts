import type { ApiResponse } from '../response.js';
import type { OAuthClient } from './client.js';

export interface Consent {
  client: OAuthClient;
  scopes: readonly string[];
  usernames: readonly string[];
  /** Of the request; the form sends them again. */
  parameters: URLSearchParams;
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

export const htmlResponse = (status: number, body: string): ApiResponse => ({
  status,
  body,
  headers: {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': POLICY,
    'Cache-Control': 'no-store',
  },
});

/** Who signs in, what the client may do then, Allow and Deny. */
export function consentPage({ client, scopes, usernames, parameters }: Consent): string {
  const hidden = [...parameters]
    .filter(([name]) => name !== 'login' && name !== 'decision')
    .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`);
  const users = usernames.map(
    (username, i) =>
      `<label><input type="radio" name="login" value="${escape(username)}"${i === 0 ? ' checked' : ''}> ${escape(nameOf(username))}</label>`,
  );
  return page(
    'Sign in to Linode',
    `<p><strong>${escape(client.label)}</strong> asks for access to your account:</p>
<ul>${scopes.map((scope) => `<li>${escape(describe(scope))} <code>${escape(scope)}</code></li>`).join('')}</ul>
<form method="post" action="/oauth/authorize">
${hidden.join('\n')}
<fieldset><legend>Sign in as</legend>${users.join('')}</fieldset>
<p class="buttons"><button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" class="plain">Deny</button></p>
</form>`,
  );
}

export const errorPage = (problem: string): string =>
  page('This sign-in cannot continue', `<p>${escape(problem)}.</p>`);

export const loggedOutPage = (): string => page('Signed out', '<p>You are signed out of Linode.</p>');

const nameOf = (username: string): string => username.charAt(0).toUpperCase() + username.slice(1);

function describe(scope: string): string {
  if (scope === '*') return 'Everything';
  const [kind = '', access = ''] = scope.split(':');
  return `${access === 'read_write' ? 'Read and change' : 'Read'} ${kind === 'linodes' ? 'Linodes' : kind.replaceAll('_', ' ')}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

const page = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)} · Linode sandbox</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="sandbox">sandbox: nothing here is real</p>
<h1>${escape(title)}</h1>
${content}
</main>
</body>
</html>
`;

const STYLE = `
body { margin: 0; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 8vh auto; }
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0.75rem 0; }
.sandbox { display: inline-block; margin: 0; padding: 0 0.625rem; border: 1px solid; border-radius: 1rem; font-size: 0.8125rem; opacity: 0.75; }
ul { padding-left: 1.25rem; }
code { font-size: 0.8125rem; opacity: 0.75; white-space: nowrap; }
fieldset { margin: 1.25rem 0; padding: 0.5rem 1rem; border: 1px solid color-mix(in srgb, currentcolor 35%, transparent); border-radius: 0.5rem; }
legend { padding: 0 0.375rem; }
label { display: block; padding: 0.375rem 0; cursor: pointer; }
.buttons { display: flex; gap: 0.75rem; }
button { min-height: 2.75rem; padding: 0 1.5rem; border: 1px solid #0a6b43; border-radius: 0.5rem; background: #0a6b43; color: #fff; font: inherit; cursor: pointer; }
button.plain { background: none; color: inherit; border-color: currentcolor; }
button:focus-visible, input:focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }
`;
