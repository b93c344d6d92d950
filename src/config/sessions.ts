import {
  exactOrigins,
  httpUrl,
  oauthScopes,
  optionalText,
  seconds,
  secrets,
  secretText,
} from './valueTypes.js';
import { variable } from './variable.js';

/** Section "Sign-in and sessions"; see docs/sessions.md. */
export const SESSIONS = {
  OAUTH_CLIENT_ID: variable(
    'clientId',
    optionalText('text'),
    '',
    'The ID of an OAuth client at Linode: users of browsers can sign in. If unset, they cannot, except on the embedded sandbox, which has a login server of its own. [sessions.md](sessions.md) explains how.',
  ),
  OAUTH_CLIENT_SECRET: variable('clientSecret', secretText, '', 'The secret of that client.', {
    isSecret: true,
  }),
  OAUTH_LOGIN_URL: variable(
    'loginUrl',
    httpUrl,
    'https://login.linode.com',
    "Linode's login server. https, except on this machine.",
  ),
  OAUTH_SCOPES: variable(
    'scopes',
    oauthScopes,
    'images:read_write linodes:read_only events:read_only',
    'What users grant the gateway when they sign in, separated by spaces. `account:read_only` adds the creators of images.',
  ),
  PUBLIC_URL: variable(
    'publicUrl',
    httpUrl,
    '',
    "The gateway's URL as browsers see it, such as `https://images.example.com`: where users come back to after they signed in. https, except on this machine. Required with `OAUTH_CLIENT_ID` in production; otherwise the address of the request, if it names this machine.",
  ),
  SESSION_SECRETS: variable(
    'secrets',
    secrets,
    '',
    'Secrets of at least 32 characters, separated by commas, that encrypt sessions. The first one encrypts, all of them decrypt, so that a secret can be replaced while it is in use. Required with `OAUTH_CLIENT_ID` in production; otherwise a random one, and sessions end with the process.',
    { isSecret: true },
  ),
  SESSION_IDLE_SECONDS: variable(
    'idleMs',
    seconds(60, 30 * 86_400),
    '1800',
    'A session ends after this time without a request.',
  ),
  SESSION_MAX_SECONDS: variable(
    'maxMs',
    seconds(60, 30 * 86_400),
    '28800',
    'A session ends after this time, however much it is used.',
  ),
  SESSION_ORIGINS: variable(
    'origins',
    exactOrigins,
    '',
    "Origins of pages that may use the sessions of their users, besides that of `PUBLIC_URL`, separated by commas. Without wildcards. They must belong to the gateway's site: browsers send its cookie to no other.",
  ),
} as const;
