import type { SandboxRequest } from '../requestLog.js';
import { errorResponse, type ApiResponse } from '../response.js';
import { authorize } from './authorize.js';
import type { Logins } from './logins.js';
import { htmlResponse, loggedOutPage } from './pages.js';
import { revoke, token } from './token.js';

/** Paths of login.linode.com; all others are the API's. */
export const isLoginPath = (path: string): boolean => path.startsWith('/oauth/') || path === '/logout';

/** What Akamai's filter in front of the login server sends to clients that it takes for bots. */
const ACCESS_DENIED =
  '<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\nReference #18.5ab1302.1716206400.1f3c9a\n</BODY>\n</HTML>\n';

/** Handles one request to the login server whose body has been read. */
export function handleLogin(logins: Logins, request: SandboxRequest): ApiResponse {
  switch (`${request.method} ${request.path}`) {
    case 'GET /oauth/authorize':
    case 'POST /oauth/authorize':
      return authorize(logins, request);
    case 'POST /oauth/token':
      return isTakenForBot(logins, request) ? htmlResponse(403, ACCESS_DENIED) : token(logins, request);
    case 'POST /oauth/revoke':
      return isTakenForBot(logins, request) ? htmlResponse(403, ACCESS_DENIED) : revoke(logins, request);
    case 'GET /logout':
      return htmlResponse(200, loggedOutPage());
    default:
      return errorResponse(404, [{ reason: 'Not found' }]);
  }
}

/** Clients have been cured of it by sending these two headers and a User-Agent. */
const isTakenForBot = ({ settings }: Logins, { headers }: SandboxRequest): boolean =>
  settings.botFilter &&
  !(headers['accept'] === 'application/json' && headers['accept-language'] && headers['user-agent']);
