import * as oauth from 'oauth4webapi';
import { LinodeError } from '../linode/errors.js';

/**
 * - `denied`: the user refused.
 * - `refused`: the code, the refresh token or the client is not accepted.
 * - `unavailable`: the login server cannot serve; nothing was used up.
 * - `lost`: a request was sent, and no usable response arrived.
 */
export type LoginFailure = 'denied' | 'refused' | 'unavailable' | 'lost';

/** A call of the login server failed. It has no cause: those of the library hold tokens. */
export class LoginServerError extends Error {
  override name = 'LoginServerError';

  constructor(
    readonly failure: LoginFailure,
    message: string,
  ) {
    super(message);
  }

  static from(error: unknown): LoginServerError {
    if (error instanceof LoginServerError) return error;
    if (error instanceof oauth.AuthorizationResponseError) {
      return new LoginServerError(
        error.error === 'access_denied' ? 'denied' : 'refused',
        `The login server refused: ${wordOf(error.error)}`,
      );
    }
    if (error instanceof oauth.ResponseBodyError) {
      return fromStatus(error.status, `The login server refused: ${wordOf(error.error)}`);
    }
    if (error instanceof oauth.WWWAuthenticateChallengeError) {
      return new LoginServerError('refused', 'The login server refused the client');
    }
    if (error instanceof LinodeError) {
      return error.sent
        ? new LoginServerError('lost', 'No response of the login server arrived')
        : new LoginServerError('unavailable', 'The login server cannot be reached');
    }
    if (error instanceof oauth.OperationProcessingError) return fromUnexpected(error);
    return new LoginServerError('lost', "The login server's response is not valid");
  }
}

/** A response that is not OAuth's: in Linode's own form, HTML of something in front, or nonsense. */
function fromUnexpected({ cause }: oauth.OperationProcessingError): LoginServerError {
  if (cause instanceof Response && cause.status !== 200) {
    return isJson(cause)
      ? fromStatus(cause.status, `The login server responded with ${cause.status}`)
      : new LoginServerError('unavailable', `The login server responded with ${cause.status}, not with JSON`);
  }
  return new LoginServerError('lost', "The login server's response is not valid");
}

/** Overload and failures say nothing of a token. */
function fromStatus(status: number, message: string): LoginServerError {
  const isRefusal = status >= 400 && status < 500 && ![408, 425, 429].includes(status);
  return new LoginServerError(isRefusal ? 'refused' : 'unavailable', message);
}

const isJson = (response: Response): boolean =>
  /^application\/(?:[\w.-]+\+)?json\b/i.test(response.headers.get('content-type') ?? '');

/** An error code as RFC 6749 defines them; anything else could be a secret. */
const wordOf = (code: string): string => (/^[a-z_]{1,40}$/.test(code) ? code : 'unknown error');
