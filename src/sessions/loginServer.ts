import * as oauth from 'oauth4webapi';
import { Cancellation } from '../cancellation.js';
import type { Clock } from '../clock.js';
import type { Transport } from '../linode/client/wire.js';
import { LoginServerError } from './loginServerError.js';
import { withoutQuirks } from './tokenResponse.js';

export interface LoginServerOptions {
  /** `https://login.linode.com` */
  url: URL;
  clientId: string;
  clientSecret: string;
  /** Requested of each user. */
  scopes: readonly string[];
  /** Connections to `url`. */
  transport: Transport;
  clock: Clock;
  /** Of one request to it. */
  timeoutMs: number;
  userAgent: string;
}

/** What the login server issued. Times are on the clock, counted from before the request. */
export interface TokenPair {
  accessToken: string;
  /** Null if the access token cannot be refreshed. */
  refreshToken: string | null;
  issuedAt: number;
  expiresAt: number;
  scopes: string[];
}

/** Where no lifetime is stated; Linode's is two hours. */
const DEFAULT_EXPIRES_SECONDS = 7200;

/** Linode's login server: an OAuth 2 authorization server without discovery. (docs/adr/0030-sessions.md) */
export class LoginServer {
  readonly #server: oauth.AuthorizationServer;
  readonly #client: oauth.Client;
  readonly #secret: oauth.ClientAuth;

  constructor(private readonly options: LoginServerOptions) {
    const at = (path: string) => new URL(path, options.url).href;
    this.#server = {
      issuer: options.url.origin,
      authorization_endpoint: at('/oauth/authorize'),
      token_endpoint: at('/oauth/token'),
      revocation_endpoint: at('/oauth/revoke'),
    };
    this.#client = { client_id: options.clientId };
    this.#secret = oauth.ClientSecretPost(options.clientSecret);
  }

  /** Where a browser ends the login server's own session. */
  get logoutUrl(): string {
    return new URL('/logout', this.options.url).href;
  }

  /** Where a browser is sent to sign in. */
  async authorizationUrl(state: string, verifier: string, redirectUri: string): Promise<string> {
    const url = new URL(this.#server.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      client_id: this.#client.client_id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: this.options.scopes.join(' '),
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    return url.href;
  }

  /**
   * Exchanges the code that the browser brought back.
   * @throws {LoginServerError} `denied` if the user refused
   */
  async exchange(
    callback: URLSearchParams,
    { state, verifier, redirectUri }: { state: string; verifier: string; redirectUri: string },
  ): Promise<TokenPair> {
    return this.#tokens(async (options) => {
      const valid = this.#validate(callback, state);
      const response = await oauth.authorizationCodeGrantRequest(
        this.#server,
        this.#client,
        this.#secret,
        valid,
        redirectUri,
        verifier,
        options,
      );
      return oauth.processAuthorizationCodeResponse(this.#server, this.#client, response);
    });
  }

  /** @throws {LoginServerError} `lost` if the refresh token may be used up although there is no new one */
  async refresh(refreshToken: string): Promise<TokenPair> {
    return this.#tokens(async (options) => {
      const response = await oauth.refreshTokenGrantRequest(
        this.#server,
        this.#client,
        this.#secret,
        refreshToken,
        options,
      );
      return oauth.processRefreshTokenResponse(this.#server, this.#client, response);
    });
  }

  /**
   * Ends an access token, and its refresh token with it.
   * @throws {LoginServerError}
   */
  async revoke(accessToken: string): Promise<void> {
    try {
      const options = this.#requestOptions({ token_type_hint: 'access_token' });
      const response = await oauth.revocationRequest(
        this.#server,
        this.#client,
        this.#secret,
        accessToken,
        options,
      );
      await oauth.processRevocationResponse(response);
    } catch (error) {
      throw LoginServerError.from(error);
    }
  }

  close(): Promise<void> {
    return this.options.transport.close();
  }

  #validate(callback: URLSearchParams, state: string): URLSearchParams {
    try {
      const valid = oauth.validateAuthResponse(this.#server, this.#client, callback, state);
      // A second code makes the request for tokens throw, as if the login server had failed.
      if (valid.getAll('code').length === 1 && valid.get('code')) return valid;
    } catch (error) {
      if (error instanceof oauth.AuthorizationResponseError) throw error;
    }
    throw new LoginServerError('refused', 'The login server sent no valid code');
  }

  async #tokens(
    request: (options: oauth.TokenEndpointRequestOptions) => Promise<oauth.TokenEndpointResponse>,
  ): Promise<TokenPair> {
    const issuedAt = this.options.clock.now();
    try {
      const tokens = await request(this.#requestOptions());
      const seconds = tokens.expires_in ?? DEFAULT_EXPIRES_SECONDS;
      return {
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token ?? null,
        issuedAt,
        expiresAt: issuedAt + seconds * 1000,
        scopes: (tokens.scope ?? this.options.scopes.join(' ')).split(/[ ,]+/).filter(Boolean).sort(),
      };
    } catch (error) {
      throw LoginServerError.from(error);
    }
  }

  #requestOptions(additionalParameters: Record<string, string> = {}): oauth.TokenEndpointRequestOptions {
    return {
      additionalParameters,
      [oauth.allowInsecureRequests]: this.options.url.protocol === 'http:',
      [oauth.customFetch]: (url, { body, headers }) => this.#post(new URL(url), String(body), headers),
    };
  }

  async #post(url: URL, body: string, headers: Record<string, string>): Promise<Response> {
    const { transport, clock, timeoutMs, userAgent } = this.options;
    const response = await transport.send({
      method: 'POST',
      path: url.pathname,
      headers: {
        ...headers,
        accept: 'application/json',
        // Akamai's bot filter refuses requests without these two.
        'accept-language': 'en-US,en;q=0.5',
        'user-agent': userAgent,
      },
      body,
      deadlineAt: clock.now() + timeoutMs,
      signal: new Cancellation().signal,
    });
    return withoutQuirks(response);
  }
}
